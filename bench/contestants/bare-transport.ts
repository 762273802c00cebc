import { Pool } from 'undici'
import { systemClock } from '../../src/clock/system-clock.ts'
import type { Transport } from '../../src/index.ts'
import { OpenBodies } from '../../src/transport/open-bodies.ts'
import { ResponseHandler, type RequestCarrier } from '../../src/transport/response-handler.ts'

/**
 * What hookline's own transport would be without what defends it: one pool of undici's for each origin, shared by all
 * endpoints there, to any address. Answers are read as hookline reads them, so that guard and connections are the only
 * difference. For receivers that behave: nothing is ever given up.
 */
export function createBareTransport(connections: number): Transport {
  const pools = new Map<string, Pool>()
  const bodies = new OpenBodies(systemClock, 2_000)
  const limits = { snippetBytes: 1_024, bodyBytes: 65_536 }

  function poolOf(origin: string): Pool {
    let pool = pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, { connections, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 })
      pools.set(origin, pool)
    }
    return pool
  }

  return {
    send({ origin, path, headers, body }, receiver) {
      const handler = new ResponseHandler(receiver, noCarrier, bodies, limits)
      // undici only reads the array; its type does not say so.
      poolOf(origin).dispatch({ path, method: 'POST', headers: headers as string[], body }, handler)
      handler.sendReturns()
      return handler
    },
    release() {},
    async close() {
      bodies.stop()
      await Promise.all([...pools.values()].map((pool) => pool.destroy()))
    },
  }
}

const noCarrier: RequestCarrier = { writing() {}, over() {} }

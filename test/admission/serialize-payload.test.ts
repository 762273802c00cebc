import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { serializePayload } from '../../src/admission/serialize-payload.ts'
import { InvalidPayloadError } from '../../src/errors/errors.ts'

function refusal(payload: unknown): InvalidPayloadError {
  try {
    serializePayload(payload)
  } catch (error) {
    if (error instanceof InvalidPayloadError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

function nested(depth: number, innermost: unknown): unknown {
  let value = innermost
  for (let level = 0; level < depth; level++) value = { a: value }
  return value
}

const circular: Record<string, unknown> = { a: 1 }
circular['list'] = [0, { back: circular }]

const shared = { a: 1 }

const boom = {
  get amount(): number {
    throw new Error('canary')
  },
}

describe('a payload', () => {
  test('is written as JSON.stringify writes it', () => {
    const payload = {
      a: undefined,
      b: () => 1,
      c: NaN,
      d: new Date(0),
      e: [undefined],
      f: '\ud800',
      g: { toJSON: () => 7 },
    }
    expect(serializePayload(payload)).toBe('{"c":null,"d":"1970-01-01T00:00:00.000Z","e":[null],"f":"\\ud800","g":7}')
  })

  test.each([null, 0, false, '', [], {}])('may be any JSON value: %j', (payload) => {
    expect(serializePayload(payload)).toBe(JSON.stringify(payload))
  })

  test('comes back from its text as it was', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const payload: unknown = JSON.parse(text)
        expect(JSON.parse(serializePayload(payload))).toEqual(payload)
      }),
    )
  })

  test('may hold one object twice', () => {
    expect(serializePayload([shared, shared])).toBe('[{"a":1},{"a":1}]')
  })

  test.each([
    [undefined, 'payload must be a JSON value, got undefined'],
    [() => 1, 'payload must be a JSON value, got a function'],
    [Symbol('canary'), 'payload must be a JSON value, got a symbol'],
    [{ toJSON: () => undefined }, 'payload has a toJSON whose result has no JSON form'],
    [5n, 'payload is a BigInt; payloads must be JSON values'],
    [{ items: [0, 1, 2, { amount: 5n }] }, 'payload.items[3].amount is a BigInt; payloads must be JSON values'],
    [{ 'a b': { 0: 5n } }, 'payload["a b"]["0"] is a BigInt; payloads must be JSON values'],
    [{ a: { toJSON: () => ({ b: 5n }) } }, 'payload.a.b is a BigInt; payloads must be JSON values'],
    [circular, 'payload.list[1].back is a circular reference; payloads must be JSON values'],
    [[shared, shared, 5n], 'payload[2] is a BigInt; payloads must be JSON values'],
    [{ a: boom }, 'payload.a.amount is a getter that throws; payloads must be JSON values'],
    [
      {
        a: {
          toJSON: () => {
            throw new Error('canary')
          },
        },
      },
      'payload.a has a toJSON that throws; payloads must be JSON values',
    ],
  ])('is refused, and told where it cannot be written', (payload, message) => {
    expect(refusal(payload).message).toBe(message)
  })

  test('is refused when it is nested too deeply', () => {
    expect(refusal(nested(1_000_000, 1)).message).toBe('payload cannot be written as JSON: it is nested too deeply')
  })

  test('is refused without a place when the place is far', () => {
    const message = 'payload cannot be written as JSON: it holds a BigInt, a circular reference, or a getter'
    expect(refusal(nested(100, 5n)).message).toContain(message)
    expect(refusal([...Array<number>(20_000).fill(0), 5n]).message).toContain(message)
  })

  test('is refused without a place when it only fails the first time', () => {
    let calls = 0
    const moody = {
      get a(): number {
        if (calls++ === 0) throw new Error('once')
        return 1
      },
    }
    expect(refusal(moody).message).toContain('payload cannot be written as JSON')
  })

  test('is refused when it is a proxy that throws at every touch', () => {
    const handler = new Proxy<ProxyHandler<object>>(
      {},
      {
        get: () => () => {
          throw new Error('touched')
        },
      },
    )
    expect(refusal(new Proxy({}, handler))).toBeInstanceOf(InvalidPayloadError)
  })

  test('keeps what its getter threw as the cause, not in the message', () => {
    const error = refusal({ a: boom })
    expect(error.message).not.toContain('canary')
    expect(error.cause).toMatchObject({ message: 'canary' })
  })

  test('shows no endless names', () => {
    expect(refusal({ ['k'.repeat(100_000)]: 5n }).message.length).toBeLessThan(120)
  })
})

import { setTimeout as wait } from 'node:timers/promises'
import type { Rig } from '../rig.ts'
import type { ServiceProcess } from '../service-process.ts'
import type { Statuses } from '../service/message.ts'
import { takeUp } from './take-up.ts'

/** How a run came to its end. */
export interface LastLife {
  /** How long it took to deliver all once the faults were over; null when it did not come to that. */
  readonly drainMs: number | null
  readonly statuses: Statuses
  readonly surprises: readonly string[]
}

const longestDrainMs = 60_000

/** Heals the receivers, lets one more life deliver all that is left, and ends it in order. */
export async function liveToTheEnd(rig: Rig): Promise<LastLife> {
  const service = rig.live()
  const start = await takeUp(rig, service)
  if (start.type !== 'ready') {
    const { stderr } = await service.ended
    const text = start.type === 'notOpened' ? start.text : `the last life ended as it started: ${stderr}`
    return { drainMs: null, statuses: { events: {}, endpoints: {} }, surprises: [text] }
  }
  return endInOrder(rig, service)
}

/** The same with a life that goes on. */
export async function endInOrder(rig: Rig, service: ServiceProcess): Promise<LastLife> {
  await rig.receivers.heal()
  const drainMs = await drain(rig, service)
  const reply = await service.ask({ type: 'statuses' })
  const statuses = reply?.type === 'statuses' ? reply.statuses : { events: {}, endpoints: {} }
  await service.ask({ type: 'shutdown' })
  const { code, signal, stderr } = await service.ended
  rig.look('the end')
  const surprises =
    code === 0 ? [] : [`the last life ended with code ${String(code)} and signal ${String(signal)}: ${stderr}`]
  return { drainMs, statuses, surprises }
}

/** Resumes everyone again and again: what was in flight as all was healed may yet halt a line. */
export async function drain(rig: Rig, service: ServiceProcess): Promise<number | null> {
  const startedAtMs = performance.now()
  let drained = false
  void service.ask({ type: 'drain' }).then((reply) => (drained = reply?.type === 'done'))
  while (!drained && !service.over && performance.now() - startedAtMs < longestDrainMs) {
    await rig.load.resumeAll(service)
    await wait(50)
  }
  return drained ? performance.now() - startedAtMs : null
}

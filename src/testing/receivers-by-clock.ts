import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { ReceivedRequest } from './received-request.ts'

/** A receiver, as far as whoever moves its clock has to know it. */
interface ClockedReceiver {
  /** The requests whose answer only time can bring, or nothing. */
  held(): Iterable<ReceivedRequest>
}

const receivers = new WeakMap<Clock, ClockedReceiver[]>()

/** Notes that a receiver goes by this clock. Of the machine's clock nobody asks: it is moved by no one. */
export function noteReceiver(clock: Clock, receiver: ClockedReceiver): void {
  if (clock === systemClock) return
  const known = receivers.get(clock)
  if (known === undefined) receivers.set(clock, [receiver])
  else known.push(receiver)
}

/** The receivers that go by this clock: moving it, one has to wait for their answers. */
export function receiversBy(clock: Clock): readonly ClockedReceiver[] {
  return receivers.get(clock) ?? []
}

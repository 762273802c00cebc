import { copyFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { chooseDriver } from '../../../src/sqlite/driver/choose-driver.ts'
import { Dice } from '../../soak/dice.ts'
import { isSuccess } from '../../soak/rules/is-success.ts'
import { copyLogFile, readFileRecords } from '../file-records.ts'
import { flipBit, type FlippedBit } from '../flip-bit.ts'
import { Rig, type RigSettings } from '../rig.ts'
import { drain } from './last-life.ts'
import { takeUp } from './take-up.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

const busyMs = 400

/** One bit of a closed file is flipped: its event is named and never delivered, and all others are delivered. */
export async function torturedByFlippedBits(settings: PartSettings): Promise<PartResult> {
  const { flags, programs, folder } = settings
  const { seed, driver } = flags
  const source = await Rig.start({ programs, folder: join(folder, 'source'), seed, driver })
  const unsettled = await fillFile(source)
  const runs: FlipRun[] = []
  for (let flip = 1; flip <= flags.flips; flip++) {
    const own = { programs, folder: join(folder, `flip-${flip}`), seed, driver }
    runs.push(await liveWithFlippedBit(own, source.path, flip))
  }
  await source.receivers.stop()
  const all = (rule: keyof FlipRun['wrong']): string[] => runs.flatMap(({ wrong }) => wrong[rule])
  return {
    title: 'Flipped bits',
    rows: [
      ['bits flipped', `${runs.length}, each in a copy of a file with ${unsettled} events not settled`],
      ['delivered beside the damaged ones', String(runs.reduce((sum, { delivered }) => sum + delivered, 0))],
    ],
    violations: {
      '`hookline verify` names the record': all('verified'),
      'the service names the event': all('named'),
      'a damaged event is never delivered': all('delivered'),
      'all others are delivered': all('others'),
      'there was something to flip': unsettled > 0 ? [] : ['no event was left'],
    },
  }
}

/** Leaves a closed file behind with events in all states, many of them not settled. Returns how many are not. */
async function fillFile(rig: Rig): Promise<number> {
  const service = rig.live()
  await takeUp(rig, service)
  await rig.load.run(service, performance.now() + busyMs)
  await rig.load.pauseAll(service)
  await rig.load.submitToAll(service)
  await service.ask({ type: 'shutdown' })
  await service.ended
  rig.look('the source')
  return rig.archive.unsettled().length
}

interface FlipRun {
  readonly delivered: number
  readonly wrong: Readonly<Record<'verified' | 'named' | 'delivered' | 'others', readonly string[]>>
}

async function liveWithFlippedBit(own: RigSettings, source: string, flip: number): Promise<FlipRun> {
  mkdirSync(own.folder, { recursive: true })
  copyFileSync(source, join(own.folder, 'hooks.db'))
  const driver = chooseDriver(own.driver ?? undefined)
  const flipped = flipBit(driver, join(own.folder, 'hooks.db'), new Dice(own.seed, 'flip', flip))
  const rig = await Rig.start(own)
  const verified = verify(rig, flipped, own)
  await rig.receivers.heal()
  const service = rig.live()
  const started = await service.started
  if (started?.type === 'ready') {
    await rig.load.moveAll(service)
    await drain(rig, service)
  }
  const reply = await service.ask({ type: 'statuses' })
  const quarantined = [...service.quarantined]
  await service.ask({ type: 'shutdown' })
  await service.ended
  const arrivals = await rig.receivers.history()
  await rig.receivers.stop()
  const { eventId } = flipped
  const name = `flip ${flip} (${eventId}, record ${flipped.seq})`
  const open = Object.entries(reply?.type === 'statuses' ? reply.statuses.events : {})
    .filter(
      ([id, { status }]) => id !== eventId && (status === 'pending' || status === 'delivering' || status === 'backoff'),
    )
    .map(([id, { status }]) => `${name}: ${id} is still ${status}`)
  return {
    delivered: new Set(arrivals.filter(({ status }) => status !== null && isSuccess(status)).map((one) => one.eventId))
      .size,
    wrong: {
      verified,
      named: quarantined.includes(eventId) ? [] : [`${name}: the service named ${quarantined.join(', ') || 'none'}`],
      delivered: arrivals.some((arrival) => arrival.eventId === eventId) ? [`${name}: it was sent`] : [],
      others: started?.type === 'ready' ? open : [`${name}: the service did not start: ${JSON.stringify(started)}`],
    },
  }
}

/** Of a copy, as after every death. */
function verify(rig: Rig, { seq }: FlippedBit, { folder, driver }: RigSettings): string[] {
  const copy = copyLogFile(rig.path, join(folder, 'copy'))
  const { wrong } = readFileRecords(chooseDriver(driver ?? undefined), copy ?? '')
  return wrong.some((text) => text.startsWith(`record ${seq}:`))
    ? []
    : [`record ${seq}: ${wrong.join('; ') || 'no fault'}`]
}

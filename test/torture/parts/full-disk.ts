import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { judge } from '../judge.ts'
import { evidenceRows } from '../report.ts'
import { Rig } from '../rig.ts'
import { SmallDisk } from '../small-disk.ts'
import type { ServiceProcess } from '../service-process.ts'
import { endInOrder } from './last-life.ts'
import { takeUp } from './take-up.ts'
import type { PartResult, PartSettings } from './torture-part.ts'

const diskMebibytes = 8
const busyMs = 400
const longestWaitMs = 10_000

/** What can be full: a small disk or, where none may be mounted, the file itself, which SQLite then lets grow no more. */
interface Fullness {
  fill(service: ServiceProcess): Promise<void>
  free(service: ServiceProcess): Promise<void>
}

/** Its disk fills up while it works, again and again; now and then it is killed while the disk is full. */
export async function torturedByFullDisk({ flags, programs, folder }: PartSettings): Promise<PartResult> {
  const { seed, driver, fills } = flags
  const disk = SmallDisk.mount(join(folder, 'disk'), diskMebibytes)
  try {
    const rig = await Rig.start({
      programs,
      folder,
      logFolder: disk?.folder,
      seed,
      driver,
      refusals: ['STORAGE_FAILED (full)'],
    })
    const run = new FullDiskRun(rig, disk === null ? cappedFile : smallDisk(disk))
    for (let fill = 1; fill <= fills; fill++) await run.fillOnce(disk !== null && fill % 2 === 0)
    const last = await endInOrder(rig, run.service)
    const evidence = await rig.gather()
    const where = disk === null ? 'a file that may not grow (no disk may be mounted here)' : `${diskMebibytes} MiB`
    return {
      title: 'Full disk',
      rows: [
        ['filled', `${fills} times, ${where}; killed ${evidence.deaths.length} times while it was full`],
        ['going on by itself after', `${run.recoveryMs.map((ms) => Math.round(ms)).join(', ')} ms`],
        ...evidenceRows(evidence, rig),
      ],
      violations: {
        ...judge(evidence, {
          surprises: [...last.surprises, ...rig.ledger.surprises],
          archiveWrong: rig.archive.wrong,
          statuses: last.statuses,
          drained: last.drainMs !== null,
          untried: run.untried,
        }),
        'it goes on by itself once there is space': run.stuck,
      },
    }
  } finally {
    disk?.unmount()
  }
}

class FullDiskRun {
  readonly recoveryMs: number[] = []
  readonly untried: string[] = []
  readonly stuck: string[] = []
  service: ServiceProcess
  readonly #rig: Rig
  readonly #fullness: Fullness
  #started: Promise<unknown>
  #fills = 0

  constructor(rig: Rig, fullness: Fullness) {
    this.#rig = rig
    this.#fullness = fullness
    this.service = rig.live()
    this.#started = takeUp(rig, this.service)
  }

  async fillOnce(kill: boolean): Promise<void> {
    const name = `fill ${(this.#fills += 1)}`
    const { load, ledger } = this.#rig
    await this.#started
    await load.run(this.service, performance.now() + busyMs)
    await this.#fullness.fill(this.service)
    if (!(await this.#comesTo('held'))) this.untried.push(`${name}: the service never noticed`)
    const refusedBefore = sum(ledger.refusals)
    await load.run(this.service, performance.now() + busyMs)
    if (sum(ledger.refusals) === refusedBefore) this.untried.push(`${name}: nothing was refused`)
    if (kill) await this.#killWhileFull(name)
    await this.#fullness.free(this.service)
    const freedAtMs = performance.now()
    if (kill && this.service.over) await this.#restart()
    if (!(await this.#comesTo('writable'))) this.stuck.push(`${name}: the home is still held after ${longestWaitMs} ms`)
    this.recoveryMs.push(performance.now() - freedAtMs)
    await this.#goesOn(name)
  }

  /** It comes back on the full disk as well as it can, and is not asked for more. */
  async #killWhileFull(name: string): Promise<void> {
    this.service.kill()
    await this.service.ended
    this.#rig.autopsy()
    this.service = this.#rig.live()
    const start = await takeUp(this.#rig, this.service)
    if (start.type === 'ready') return
    if (start.type === 'died' || start.reason !== 'full') {
      this.stuck.push(`${name}: ${start.type === 'died' ? 'it died as it started on a full disk' : start.text}`)
    }
    await this.service.ended
  }

  async #restart(): Promise<void> {
    this.service = this.#rig.live()
    await takeUp(this.#rig, this.service)
  }

  async #goesOn(name: string): Promise<void> {
    const { load, ledger } = this.#rig
    const acknowledged = (): number => ledger.submissions.filter(({ fate }) => fate === 'acknowledged').length
    const before = acknowledged()
    await load.run(this.service, performance.now() + busyMs)
    if (acknowledged() === before) this.stuck.push(`${name}: nothing was acknowledged after there was space`)
  }

  /** A service that was never held has never said that it is writable. */
  async #comesTo(condition: string): Promise<boolean> {
    const untilMs = performance.now() + longestWaitMs
    while (performance.now() < untilMs && !this.service.over) {
      const { conditions } = this.service
      if ((conditions.at(-1) ?? 'writable') === condition) return true
      // Only what is asked of it lets it notice.
      await this.#rig.load.run(this.service, performance.now() + 20)
      await wait(5)
    }
    return false
  }
}

function smallDisk(disk: SmallDisk): Fullness {
  return {
    fill: () => {
      disk.fill()
      return Promise.resolve()
    },
    free: () => {
      disk.free()
      return Promise.resolve()
    },
  }
}

const cappedFile: Fullness = {
  fill: (service) => capPages(service, true),
  free: (service) => capPages(service, false),
}

async function capPages(service: ServiceProcess, capped: boolean): Promise<void> {
  await service.ask({ type: 'capPages', capped })
}

function sum(counts: Readonly<Record<string, number>>): number {
  return Object.values(counts).reduce((total, count) => total + count, 0)
}

// What every part of the torture works with: the built programs, a folder of its own, receivers, and all it remembers.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chooseDriver } from '../../src/sqlite/driver/choose-driver.ts'
import type { Driver, DriverName } from '../../src/sqlite/driver/database.ts'
import { Dice } from '../soak/dice.ts'
import { Archive } from './archive.ts'
import type { Programs } from './build-programs.ts'
import { gatherEvidence, type Death, type Evidence } from './evidence.ts'
import { copyLogFile, readFileRecords } from './file-records.ts'
import { Ledger } from './ledger.ts'
import { Load } from './load.ts'
import { Receivers } from './receivers/receivers.ts'
import type { LifeOrder } from './service/message.ts'
import { ServiceProcess, type Launcher } from './service-process.ts'

export interface RigSettings {
  readonly programs: Programs
  /** Of this rig alone. */
  readonly folder: string
  /** Where the log is; in `folder` when left out. */
  readonly logFolder?: string | undefined
  readonly seed: number
  readonly driver: DriverName | null
  /** Whether endpoints are sealed, by another key in each life. */
  readonly sealed?: boolean
  /** What calls may be refused with, as `Ledger` has it. */
  readonly refusals?: readonly string[]
}

export class Rig {
  /** Where the log is, and nothing else that a life writes. */
  readonly logFolder: string
  readonly path: string
  readonly archive = new Archive()
  readonly ledger: Ledger
  readonly deaths: Death[] = []
  readonly load: Load
  readonly receivers: Receivers
  readonly #settings: RigSettings
  readonly #driver: Driver

  private constructor(settings: RigSettings, receivers: Receivers) {
    const { seed, folder, logFolder = folder, driver } = settings
    this.#settings = settings
    this.receivers = receivers
    this.logFolder = logFolder
    this.path = join(logFolder, 'hooks.db')
    this.ledger = new Ledger(settings.refusals ?? [])
    this.#driver = chooseDriver(driver ?? undefined)
    const { ledger, archive } = this
    this.load = new Load({ seed, dice: new Dice(seed, 'load'), ledger, archive, port: receivers.port })
  }

  static async start(settings: RigSettings): Promise<Rig> {
    mkdirSync(settings.folder, { recursive: true })
    return new Rig(settings, await Receivers.start(settings.programs.receivers, settings.seed))
  }

  /** Of this rig alone. */
  get folder(): string {
    return this.#settings.folder
  }

  get driverName(): DriverName {
    return this.#driver.name
  }

  /** Starts a life of the service on the file. */
  live(more: Partial<LifeOrder> = {}, launcher: Launcher | null = null): ServiceProcess {
    const { programs, driver } = this.#settings
    const usual = { killAt: null, mutant: null, keepsAll: false, sealedBy: this.#sealing }
    const life: LifeOrder = { path: this.path, driver, ...usual, ...more }
    return new ServiceProcess(programs.service, life, this.archive, launcher)
  }

  get #sealing(): number | null {
    return this.#settings.sealed === true ? this.deaths.length : null
  }

  /** Looks at what a process that was killed left behind. Only after its end. */
  autopsy(): void {
    this.deaths.push(this.look(`death ${this.deaths.length + 1}`))
  }

  /** Looks at the file, which nobody may have open. */
  look(when: string): Death {
    const copy = copyLogFile(this.path, join(this.#settings.folder, 'copy'))
    if (copy === null) return { lastSeq: 0, open: [] }
    const file = readFileRecords(this.#driver, copy)
    this.archive.wrong.push(...file.wrong.map((text) => `${when}: ${text}`))
    return { lastSeq: file.lastSeq, open: this.archive.compare(file, when) }
  }

  /** After the last life's orderly end. Stops the receivers. */
  async gather(): Promise<Evidence> {
    const arrivals = await this.receivers.history()
    await this.receivers.stop()
    const { submissions, deeds, redelivered } = this.ledger
    const { deaths } = this
    const { records } = this.archive
    // For people: a run that breaks a rule keeps its folder.
    this.#write({ submissions, deeds, deaths, arrivals, records })
    return gatherEvidence({ submissions, deeds, redelivered, deaths, arrivals, records })
  }

  #write(lists: Readonly<Record<string, readonly unknown[]>>): void {
    for (const [name, list] of Object.entries(lists)) {
      const text = list.map((item) => `${JSON.stringify(item)}\n`).join('')
      writeFileSync(join(this.#settings.folder, `${name}.jsonl`), text)
    }
  }
}

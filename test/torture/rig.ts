// What every part of the torture works with: the built programs, a folder of its own, receivers, and all it remembers.
import { mkdirSync } from 'node:fs'
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
import { ServiceProcess } from './service-process.ts'

export interface RigSettings {
  readonly programs: Programs
  /** Of this rig alone. */
  readonly folder: string
  /** Where the log is; in `folder` when left out. */
  readonly logFolder?: string | undefined
  readonly seed: number
  readonly driver: DriverName | null
}

export class Rig {
  readonly path: string
  readonly archive = new Archive()
  readonly ledger = new Ledger()
  readonly deaths: Death[] = []
  readonly load: Load
  readonly receivers: Receivers
  readonly #settings: RigSettings
  readonly #driver: Driver

  private constructor(settings: RigSettings, receivers: Receivers) {
    const { seed, folder, logFolder = folder, driver } = settings
    this.#settings = settings
    this.receivers = receivers
    this.path = join(logFolder, 'hooks.db')
    this.#driver = chooseDriver(driver ?? undefined)
    const { ledger, archive } = this
    this.load = new Load({ seed, dice: new Dice(seed, 'load'), ledger, archive, port: receivers.port })
  }

  static async start(settings: RigSettings): Promise<Rig> {
    mkdirSync(settings.folder, { recursive: true })
    return new Rig(settings, await Receivers.start(settings.programs.receivers, settings.seed))
  }

  get driverName(): DriverName {
    return this.#driver.name
  }

  /** Starts a life of the service on the file. */
  live(more: Partial<LifeOrder> = {}): ServiceProcess {
    const { programs, driver } = this.#settings
    const life: LifeOrder = { path: this.path, driver, killAt: null, mutant: null, ...more }
    return new ServiceProcess(programs.service, life, this.archive)
  }

  /** Looks at what the process left behind. Only after its end. */
  autopsy(): void {
    const name = `death ${this.deaths.length + 1}`
    const copy = copyLogFile(this.path, join(this.#settings.folder, 'copy'))
    if (copy === null) {
      this.deaths.push({ lastSeq: 0, open: [] })
      return
    }
    const file = readFileRecords(this.#driver, copy)
    this.archive.wrong.push(...file.wrong.map((text) => `${name}: ${text}`))
    this.deaths.push({ lastSeq: file.lastSeq, open: this.archive.compare(file, name) })
  }

  /** After the last life's orderly end. Stops the receivers. */
  async gather(): Promise<Evidence> {
    const arrivals = await this.receivers.history()
    await this.receivers.stop()
    const { submissions, deeds, redelivered } = this.ledger
    const { archive, deaths } = this
    return gatherEvidence({ submissions, deeds, redelivered, deaths, arrivals, records: archive.records })
  }
}

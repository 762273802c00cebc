import type { Programs } from '../build-programs.ts'
import type { PartName, TortureFlags } from '../flags.ts'
import type { Violations } from '../judge.ts'
import type { Rows } from '../report.ts'
import { torturedByFullDisk } from './full-disk.ts'
import { torturedByFlippedBits } from './flipped-bits.ts'
import { torturedByPowerLoss } from './power-loss.ts'
import { torturedByKills } from './tortured-by-kills.ts'
import { torturedMutants } from './mutants.ts'
import { torturedBySecondProcess } from './second-process.ts'

export interface PartSettings {
  readonly flags: TortureFlags
  readonly programs: Programs
  /** Of this part alone. */
  readonly folder: string
}

export interface PartResult {
  readonly title: string
  readonly rows: Rows
  readonly violations: Violations
}

/** What each part runs. */
export const parts: Readonly<Record<PartName, (settings: PartSettings) => Promise<PartResult>>> = {
  kills: torturedByKills,
  power: torturedByPowerLoss,
  disk: torturedByFullDisk,
  second: torturedBySecondProcess,
  flips: torturedByFlippedBits,
  mutants: torturedMutants,
}

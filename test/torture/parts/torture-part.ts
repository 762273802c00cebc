import type { Programs } from '../build-programs.ts'
import type { PartName, TortureFlags } from '../flags.ts'
import { countBroken, describePart } from '../report.ts'
import { torturedByKills } from './tortured-by-kills.ts'

export interface PartSettings {
  readonly flags: TortureFlags
  readonly programs: Programs
  /** Of this part alone. */
  readonly folder: string
}

/** Runs one part, and gives back what it has to tell and how many rules it broke. */
export async function torturePart(name: PartName, settings: PartSettings): Promise<{ text: string; broken: number }> {
  const { rows, violations } = await torturedByKills(settings)
  return { text: describePart(name, rows, violations), broken: countBroken(violations) }
}

import { memoryLog, type LogHome } from '../../../src/index.ts'
import type { KillSwitch } from './kill-switch.ts'
import type { LifeOrder } from './message.ts'

export interface OpenedLog {
  readonly log: LogHome
  capPages(capped: boolean): void
}

/** TODO the SQLite home, over a watched driver. */
export function openLog(_life: LifeOrder, _kill: KillSwitch): OpenedLog {
  return { log: memoryLog(), capPages: () => undefined }
}

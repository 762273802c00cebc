import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { OptionReader } from '../options/option-reader.ts'
import { refuseOption } from '../options/refuse-option.ts'
import { checkPort } from '../options/value-checks.ts'
import { systemRandomBytes } from '../random/random-bytes.ts'
import type { RandomBytes } from '../random/random-bytes.ts'
import type { FaultListener } from './faults.ts'
import type { KeyStore } from './keys/key-store.ts'
import { memoryKeys } from './keys/memory-keys.ts'
import type { Route } from './routes/route.ts'
import { readServerLimits } from './server-limits.ts'
import type { ServerLimits } from './server-limits.ts'
import { silentLog } from './server-log.ts'
import type { ServerLog } from './server-log.ts'
import type { TestServerOptions } from './server-options.ts'
import { resolveWatchOptions, watchOptionNames } from './watch/watch-options.ts'
import type { WatchSettings } from './watch/watch-options.ts'

/** The options of a server, checked, with what was left out filled in. */
export interface ServerSettings {
  readonly keys: KeyStore
  readonly log: ServerLog
  readonly limits: ServerLimits
  readonly clock: Clock
  readonly randomBytes: RandomBytes
  readonly onFault: FaultListener
  readonly watch: WatchSettings
  /** Null for the table of all. */
  readonly routes: readonly Route[] | null
}

const names = ['keys', 'log', 'limits', 'clock', 'randomBytes', 'onFault', 'routes', ...watchOptionNames]

/** @throws InvalidOptionError */
export function readServerSettings(options: TestServerOptions): ServerSettings {
  const reader = new OptionReader(options, '', names)
  const port = <T extends object>(name: string, fallback: T, methods: readonly (keyof T & string)[]): T => {
    const given = reader.given(name)
    return given === undefined ? fallback : checkPort<T>(given, name, methods)
  }
  return {
    keys: port<KeyStore>('keys', memoryKeys(), ['find', 'list', 'tenants', 'tenant', 'add', 'revoke', 'setTenant']),
    log: port<ServerLog>('log', silentLog, ['debug', 'info', 'warn', 'error']),
    limits: readServerLimits(reader.given('limits')),
    clock: port<Clock>('clock', systemClock, ['now', 'monotonic', 'setTimeout', 'clearTimeout']),
    randomBytes: checkFunction('randomBytes', options.randomBytes) ?? systemRandomBytes,
    onFault: checkFunction('onFault', options.onFault) ?? (() => undefined),
    watch: resolveWatchOptions(options),
    routes: options.routes ?? null,
  }
}

function checkFunction<T>(name: string, given: T | undefined): T | undefined {
  return given === undefined || typeof given === 'function' ? given : refuseOption(name, 'must be a function', given)
}

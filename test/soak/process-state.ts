/** What a process holds on to, by name: kinds of handles that keep it alive, and events of `process` listened to. */
export interface ProcessState {
  readonly handles: Readonly<Record<string, number>>
  readonly listeners: Readonly<Record<string, number>>
}

export function readProcessState(): ProcessState {
  const handles: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1
  const listeners = Object.fromEntries(
    process.eventNames().map((name) => [String(name), process.listenerCount(name)] as const),
  )
  return { handles, listeners }
}

/** Counts what must not happen to a process at all. It replaces the default, which is to end. */
export interface Mishaps {
  readonly unhandledRejections: unknown[]
  readonly uncaughtExceptions: unknown[]
  readonly warnings: string[]
}

export function watchMishaps(): Mishaps {
  const mishaps: Mishaps = { unhandledRejections: [], uncaughtExceptions: [], warnings: [] }
  process.on('unhandledRejection', (reason) => mishaps.unhandledRejections.push(reason))
  process.on('uncaughtException', (error) => mishaps.uncaughtExceptions.push(error))
  process.on('warning', ({ name, message }) => mishaps.warnings.push(`${name}: ${message}`))
  return mishaps
}

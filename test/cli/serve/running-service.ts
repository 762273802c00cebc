import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { createInterface } from 'node:readline'
import { startHookline } from '../run-program.ts'

/** A line of the service's log. */
export type LogLine = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string }

/** The real program, serving in a process of its own. */
export interface RunningService {
  readonly url: string
  readonly process: ChildProcessWithoutNullStreams
  /** All that it has written to its standard output, a line each. */
  readonly lines: readonly string[]
  readonly errors: () => string
  /** Resolves with the first line, from the start on, that this is true of. */
  line(is: (line: LogLine) => boolean): Promise<LogLine>
  /** Sends a request to the API. */
  ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: unknown }>
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | NodeJS.Signals | null>
}

/** Starts `hookline serve` and resolves once it says that it listens. Rejects with what it said when it ends before. */
export async function startService(
  folder: string,
  args: readonly string[] = [],
  nodeArgs: readonly string[] = [],
): Promise<RunningService> {
  const child = startHookline(['serve', '--store', `${folder}/hookline.db`, '--port', '0', ...args], nodeArgs)
  const lines: string[] = []
  const watchers = new Set<() => void>()
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text))
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const look of watchers) look()
  })
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.on('close', (code, signal) => resolve(code ?? signal))
  })
  const line = (is: (line: LogLine) => boolean): Promise<LogLine> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.map(parsed).find((one) => one !== null && is(one))
        if (found === undefined || found === null) return
        watchers.delete(look)
        resolve(found)
      }
      watchers.add(look)
      look()
      void ended.then((code) => reject(new Error(`it ended with ${String(code)}:\n${errors}\n${lines.join('\n')}`)))
    })
  const { url } = await line(({ msg }) => msg.includes(' listens on '))
  return {
    url: String(url),
    process: child,
    lines,
    errors: () => errors,
    line,
    ended,
    async ask(method, path, body) {
      const answer = await fetch(`${String(url)}${path}`, {
        method,
        ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await answer.text()
      return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) }
    },
  }
}

function parsed(line: string): LogLine | null {
  return line.startsWith('{') ? (JSON.parse(line) as LogLine) : null
}

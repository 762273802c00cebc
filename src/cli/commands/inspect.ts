// `hookline inspect`: the viewer of a recorded log, in a browser on this machine.
import { spawn } from 'node:child_process'
import { platform } from 'node:process'
import { inspectRecordFile } from '../../inspect/inspector.ts'
import { CallError } from '../call-error.ts'
import { fileArgument, openRecordFile } from '../logs/log-file.ts'
import type { AddCommand } from '../program.ts'
import { readPort } from '../read-option.ts'
import { fileProgress } from './recorded-file.ts'

interface InspectOptions {
  readonly port?: number
  readonly payloads?: boolean
  readonly open?: boolean
  readonly stately?: boolean
  readonly speed?: number | 'max'
}

const examples = `
Examples:
  hookline inspect log.jsonl                look into a log that exportJsonl wrote
  hookline inspect log.jsonl --open         and open the browser
  hookline inspect log.jsonl --payloads     with payloads, answers and idempotency keys
  hookline inspect log.jsonl --port 8100    at the same address each time
  hookline inspect log.jsonl --stately --speed max   play it to the Stately inspector, without pauses`

export const addInspect: AddCommand = (program, terminal) => {
  program
    .command('inspect')
    .description('Serve the viewer of a recorded log to this machine, until Ctrl-C ends it.')
    .argument('<file>', fileArgument)
    .option('--port <port>', 'where to listen on 127.0.0.1 (default: any port that is free)', (text) =>
      readPort(text, '--port'),
    )
    .option('--payloads', 'show payloads, the answers of endpoints and idempotency keys')
    .option('--open', 'open it in the browser')
    .option('--stately', 'play the log to the Stately inspector (needs the package @statelyai/inspect)')
    .option('--speed <factor>', 'with --stately: how many times as fast as recorded, or max (default: 10)', readSpeed)
    .addHelpText('after', examples)
    .action(async (file: string, options: InspectOptions) => {
      const { port, payloads = false, open = false, stately = false, speed } = options
      if (speed !== undefined && !stately) throw new CallError('--speed is of no use without --stately')
      const { onProgress, end } = fileProgress(file, terminal)
      const inspector = await inspectRecordFile(file, openRecordFile, {
        port,
        payloads,
        stately,
        speed,
        onProgress,
      }).finally(end)
      const url = inspector.stately?.url ?? inspector.url
      terminal.print(url)
      if (stately) terminal.note(`The viewer is at ${inspector.url}`)
      terminal.note('Ctrl-C ends it.')
      if (open) openInBrowser(url)
      await terminal.interrupted()
      await inspector.close()
    })
}

function readSpeed(text: string): number | 'max' {
  if (text === 'max') return text
  const speed = Number(text)
  if (speed >= 0.01 && speed <= 100_000) return speed
  throw new CallError(`--speed must be a number from 0.01 to 100000, or max, got "${text}"`)
}

/** Where there is no browser, nothing happens: the address stands in the terminal. */
function openInBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[platform as string] ?? 'xdg-open'
  const opener = spawn(command, [url], { stdio: 'ignore', detached: true })
  opener.on('error', () => undefined)
  opener.unref()
}

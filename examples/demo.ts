// `npm run demo`: the command line, the screen and the exit code. What is shown happens in demo/start-demo.ts.
import { openSync, writeSync } from 'node:fs'
import { colors } from './demo/colors.ts'
import { exportJsonl } from '../src/index.ts'
import { factLines, verdictLines } from './demo/board-text.ts'
import { parseDemoCommand, usage } from './demo/command-line.ts'
import { showProgress } from './demo/progress.ts'
import { seededRandom } from './demo/seeded-random.ts'
import { startDemo } from './demo/start-demo.ts'
import { verdictOn } from './demo/verdict.ts'

const size = { shops: 16, eventsPerShop: 18 }
const chances = { failRate: 0.4, hangRate: 0.3 }
const limitMs = 55_000

// A reader that has seen enough (`npm run demo | head`) is no failure of ours to report.
process.stdout.on('error', () => process.exit())
process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  const command = parseDemoCommand(args)
  switch (command.kind) {
    case 'help':
      say(usage)
      return 0
    case 'misuse':
      return refuse(command.message)
    case 'run': {
      const { logFile, seed = Math.floor(Math.random() * 2 ** 32) } = command
      if (logFile === undefined) return run(seed)
      let file: number
      try {
        file = openSync(logFile, 'w')
      } catch (error) {
        return refuse(`cannot write the log: ${error instanceof Error ? error.message : String(error)}`)
      }
      return run(seed, { name: logFile, file })
    }
  }
}

/** Returns the exit code. */
async function run(seed: number, keep?: { readonly name: string; readonly file: number }): Promise<number> {
  const interrupted = interruption()
  const demo = await startDemo({ ...size, ...chances, random: seededRandom(seed), signal: interrupted, limitMs })
  const { submitted } = demo.scoreboard.totals()
  say(`${colors.bold('hookline demo')}: ${submitted} payment events for ${size.shops} shops. Seed ${seed}\n`)
  say("The shops' servers fail 40 % of all requests, never answer 30 %, and take 30 %.\n\n")

  const progress = showProgress(process.stdout, demo.scoreboard)
  await demo.over
  progress.stop()
  const result = await demo.stop()

  say(`\n${factLines(result).join('\n')}\n`)
  if (keep !== undefined) {
    for (const line of exportJsonl(demo.log)) writeSync(keep.file, `${line}\n`)
    say(`  ${'log'.padEnd(26)}  ${keep.name}\n`)
  }
  if (interrupted.aborted) {
    say(`\n${colors.yellow('Interrupted')}: what was in flight has ended, and nothing more was started.\n`)
    return 130
  }
  const verdict = verdictOn(result)
  const kept = verdict.every((promised) => promised.kept)
  say(`\n${verdictLines(verdict).join('\n')}\n\n`)
  say(kept ? colors.green('Every promise was kept.\n') : colors.red('A promise was broken.\n'))
  return kept ? 0 : 1
}

/** Aborted by the first Ctrl-C (or SIGTERM); a second one ends the process at once. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => controller.abort())
  return controller.signal
}

function refuse(message: string): number {
  process.stderr.write(`demo: ${message}\nnpm run demo -- --help shows the options.\n`)
  return 2
}

function say(text: string): void {
  process.stdout.write(text)
}

// The program `hookline`: its commands, its help, and how every command ends.
import { Command, CommanderError } from 'commander'
import { HooklineError } from '../errors/hookline-error.ts'
import { version } from '../version.ts'
import { CallError } from './call-error.ts'
import { addConfig } from './commands/config.ts'
import { addDiagram } from './commands/diagram.ts'
import { addExplain } from './commands/explain.ts'
import { addExport } from './commands/export.ts'
import { addInspect } from './commands/inspect.ts'
import { addReceive } from './commands/receive.ts'
import { addKeys } from './commands/keys.ts'
import { addReplay } from './commands/replay.ts'
import { addSimulate } from './commands/simulate.ts'
import { addServe } from './commands/serve.ts'
import { addSubmit } from './commands/submit.ts'
import { addVerify } from './commands/verify.ts'
import { exitCode } from './exit-code.ts'
import type { ExitCode } from './exit-code.ts'
import { printableText } from './printable-text.ts'
import type { Terminal } from './terminal.ts'

/** A command adds itself to the program. What its action returns is the exit code; nothing means it did what it was asked. */
export type AddCommand = (program: Command, terminal: Terminal, end: EndWith) => void

/** Notes how the program is to end. */
export type EndWith = (code: ExitCode) => void

const examples = `
Examples:
  hookline serve                             run the service on this machine, its log in ./hookline.db
  hookline keys create ops --role admin      make an API key for it
  hookline submit events.jsonl               submit events to it
  hookline receive --secret whsec_…          receive events, and check their signatures
  hookline replay log.jsonl                  check a log that exportJsonl wrote, and sum it up
  hookline replay hookline.db                the same of the service's, or of a file of sqliteLog
  hookline verify hookline.db                check that such a file is whole, down to its checksums
  hookline export hookline.db > log.jsonl    its records as JSONL
  hookline explain log.jsonl evt_1           why that event is or was where it is
  hookline inspect log.jsonl --open          look into it in the browser
  hookline simulate --log log.jsonl --policy policy.json   what another policy would have come to
  hookline diagram delivery                  draw the states of an event
  hookline COMMAND --help                    what a command takes, with examples`

/** In the order of the help: what runs and uses the service, what reads a recorded log, and the rest. */
const commandGroups: readonly (readonly [heading: string, commands: readonly AddCommand[]])[] = [
  ['The service:', [addServe, addConfig, addKeys, addSubmit, addReceive]],
  ['Recorded logs:', [addReplay, addVerify, addExport, addExplain, addInspect, addSimulate]],
  ['Besides:', [addDiagram]],
]

/** Runs the program with what was typed after its name. Never rejects. */
export async function runProgram(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.done
  const program = new Command('hookline')
    .description('Webhooks delivered in order, every step in a log: run the service, and look into logs.')
    .version(version)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => terminal.print(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError('(hookline --help shows the commands, hookline COMMAND --help what one takes)')
    .addHelpText('after', examples)
    .addHelpText('after', '\nExit code: 0 it did what it was asked, 1 it failed, 2 it was called wrongly.')
  for (const [heading, commands] of commandGroups) {
    program.commandsGroup(heading)
    for (const add of commands) add(program, terminal, (ended) => (code = ended))
  }
  program.helpCommand('help [command]')
  try {
    await program.parseAsync([...args], { from: 'user' })
    return code
  } catch (error) {
    return explain(error, terminal)
  }
}

function explain(error: unknown, terminal: Terminal): ExitCode {
  // Commander has said what was wrong, or shown the help or the version that was asked for.
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.done : exitCode.misused
  const message = unopenedText(error) ?? (error instanceof Error ? error.message : String(error))
  // Only a wrong call has several lines to tell: a problem each.
  const lines = error instanceof CallError ? message.split('\n') : [message]
  for (const [index, line] of lines.entries()) terminal.note((index === 0 ? 'hookline: ' : '') + printableText(line))
  if (error instanceof CallError || unopenedText(error) !== null) return exitCode.misused
  // What hookline itself refuses is told in full by its message; anything else is a fault of the program.
  if (!(error instanceof HooklineError) && error instanceof Error && !('code' in error))
    terminal.note(error.stack ?? '')
  return exitCode.failed
}

const noFile: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a folder'],
  ['ENOTDIR', 'a part of its path is no folder'],
])

/** What to say of a file that was named and is none; null of any other error. */
function unopenedText(error: unknown): string | null {
  if (!(error instanceof Error) || !('code' in error)) return null
  const why = noFile.get(error.code)
  if (why === undefined) return null
  const file = 'path' in error ? String(error.path) : 'what was named'
  return `${file} cannot be opened: ${why} (${String(error.code)})`
}

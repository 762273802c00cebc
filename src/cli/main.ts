#!/usr/bin/env node
// The entry of the program: hands the process to `runProgram`, and nothing else.
import { exitCode } from './exit-code.ts'
import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough (`hookline replay FILE | head`) is no failure of ours to report.
  if (error.code === 'EPIPE') process.exit()
  process.stderr.write(`hookline: the standard output cannot be written: ${error.message}\n`)
  process.exit(exitCode.failed)
})
// With nobody left to be told, a command ends as it would have.
process.stderr.on('error', () => undefined)
process.exitCode = await runProgram(process.argv.slice(2), processTerminal(process))

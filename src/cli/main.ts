#!/usr/bin/env node
// The entry of the program: hands the process to `runProgram`, and nothing else.
import { runProgram } from './program.ts'
import { processTerminal } from './terminal.ts'

// A reader that has seen enough (`hookline replay FILE | head`) is no failure of ours to report.
process.stdout.on('error', () => process.exit())
process.exitCode = await runProgram(process.argv.slice(2), processTerminal(process))

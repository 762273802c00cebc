import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { runProgram } from '../../src/cli/program.ts'
import { formulaRecords } from '../support/formula-log.ts'
import { writeLogFile } from '../support/log-files.ts'
import { freshPath, openHome, tamper, writeSqliteLog } from '../support/sqlite-files.ts'
import { createTestTerminal } from './test-terminal.ts'
import type { TestTerminal } from './test-terminal.ts'
import { runHookline } from './run-program.ts'

const records = 300
const lines = Array.from(formulaRecords(records), (record) => `${JSON.stringify(record)}\n`)
let terminal: TestTerminal
let path: string

beforeEach(async () => {
  terminal = createTestTerminal()
  path = freshPath('hooks.db')
  await writeSqliteLog(path, records)
})

const hookline = (...args: string[]) => runProgram(args, terminal)

describe('a file of sqliteLog', () => {
  const eventId = `evt_${'7'.padStart(21, '0')}`

  test.each([
    ['replay', []],
    ['replay', ['--until', '120']],
    ['replay', ['--event', eventId]],
    ['replay', ['--endpoint', `ep_${'31'.padStart(21, '0')}`, '--json']],
    ['explain', [eventId]],
    ['explain', [eventId, '--until', '2025-01-01T00:00:00.500Z', '--json']],
  ])('is read by %s as its export is: %j', async (command, options) => {
    const other = createTestTerminal()
    expect(await hookline(command, path, ...options)).toBe(0)
    expect(await runProgram([command, writeLogFile(lines.join('')), ...options], other)).toBe(0)
    expect(terminal.printed).toBe(other.printed)
    expect(readdirSync(dirname(path))).toEqual(['hooks.db'])
  })

  test('is run again by simulate', async () => {
    const other = createTestTerminal()
    expect(await hookline('simulate', '--log', path, '--json')).toBe(0)
    await runProgram(['simulate', '--log', writeLogFile(lines.join('')), '--json'], other)
    expect(terminal.printed).toBe(other.printed)
  })

  test('is shown by inspect', async () => {
    const running = hookline('inspect', path, '--port', '0')
    await expect.poll(() => terminal.printed).toMatch(/^http:/)
    const page = await fetch(`${terminal.printed}api/deliveries`).catch(() => null)
    expect(page).not.toBeNull()
    terminal.interrupt()
    expect(await running).toBe(0)
  })

  test('is read up to a record that is not what was written', async () => {
    tamper(path, "UPDATE records SET line = line || ' ' WHERE seq = 201")
    expect(await hookline('replay', path)).toBe(1)
    expect(terminal.noted).toContain('record 201 is not what was written')
    expect(terminal.printed).toContain('seq 1 to 200')
  })

  test('is not read as JSONL from the standard input', async () => {
    const { code, stderr } = await runHookline(['replay', '-'], readFileSync(path).toString('latin1'))
    expect([code, stderr]).toEqual([1, expect.stringContaining('is a file of sqliteLog')])
  })

  test('is left alone while a service has it', async () => {
    const home = openHome(path)
    for (const command of ['verify', 'replay', 'export']) {
      expect(await hookline(command, path)).toBe(1)
    }
    expect(terminal.noted).toMatch(/a process has it open; stop its service first, or work on a backup/)
    await home.close()
  })
})

describe('verify', () => {
  test('says that a file is sound, and ends with 0', async () => {
    expect(await hookline('verify', path)).toBe(0)
    expect(terminal.printed).toMatch(/^records {4}300, seq 1 to 300$/m)
    expect(terminal.printed).toContain('sound: the file, every checksum, every event, and the index of them')
  })

  test('names what is wrong, ends with 1, and changes nothing', async () => {
    tamper(path, 'UPDATE records SET line = line || char(10) WHERE seq = 7')
    const before = readFileSync(path)
    expect(await hookline('verify', path)).toBe(1)
    expect(terminal.printed).toMatch(/NOT SOUND: 1 fault\n- record 7 of event evt_\d+ is not what was written/)
    expect(readFileSync(path).equals(before)).toBe(true)
    expect(await hookline('verify', path, '--json')).toBe(1)
    expect(terminal.printed).toContain('"sound": false')
  })

  test('reads JSONL too', async () => {
    expect(await hookline('verify', writeLogFile(lines.join('')))).toBe(0)
    expect(terminal.printed).toContain('sound: every record follows from those before it')
    expect(await hookline('verify', writeLogFile(lines.slice(1).join('')))).toBe(1)
    expect(terminal.printed).toContain('NOT SOUND')
  })

  test('calls a log that is cut short not sound', async () => {
    expect(await hookline('verify', writeLogFile(lines.join('').slice(0, -9)))).toBe(1)
    expect(terminal.printed).toContain('is cut short')
  })

  test('ends with 2 for a file that is not there, and with 1 for one that is no log', async () => {
    expect(await hookline('verify', `${path}.missing`)).toBe(2)
    tamper(path, 'PRAGMA application_id = 1')
    expect(await hookline('verify', path)).toBe(1)
    expect(terminal.noted).toContain('the database of another application')
  })
})

describe('export', () => {
  test('writes the records as exportJsonl would, and their count beside them', async () => {
    expect(await hookline('export', path)).toBe(0)
    expect(`${terminal.printed}\n`).toBe(lines.join(''))
    expect(terminal.noted).toBe('300 records, seq 1 to 300')
  })

  test('seals a file, and tells when it is another', async () => {
    const output = freshPath('out.jsonl')
    expect(await hookline('export', path, '--output', output, '--json')).toBe(0)
    expect(readFileSync(output, 'utf8')).toBe(lines.join(''))
    expect(readdirSync(dirname(output)).sort()).toEqual(['out.jsonl', 'out.jsonl.sha256'])
    const { sha256, ...told } = JSON.parse(terminal.printed) as Record<string, unknown>
    expect(told).toEqual({ output, records: 300, firstSeq: 1, lastSeq: 300 })
    expect(readFileSync(`${output}.sha256`, 'utf8')).toBe(`${String(sha256)}  out.jsonl\n`)
    expect(await hookline('verify', output)).toBe(0)
    expect(terminal.printed).toContain('and the file is the one that was sealed')
    writeFileSync(output, lines.slice(0, -1).join(''))
    expect(await hookline('verify', output)).toBe(1)
    expect(terminal.printed).toContain('the checksum beside it differs')
  })

  test.each(['120', '2025-01-01T00:00:00.361Z'])('cuts a log at %s into parts that have nothing twice', async (at) => {
    await hookline('export', path, '--until', at)
    const first = terminal.printed
    terminal = createTestTerminal()
    await hookline('export', path, '--from', at === '120' ? '121' : at)
    expect(`${first}\n${terminal.printed}\n`).toBe(lines.join(''))
  })

  test('has no secret in it, and no configuration of an endpoint', async () => {
    const home = openHome(path)
    const secrets = [{ secret: 'a secret nobody may read', retiresAtMs: null }]
    const endpoint = { endpointId: 'ep_1', url: 'https://merchant.example', settings: {}, secrets }
    home.storedEndpoints.put(endpoint, '2025-01-01T00:00:00.000Z')
    await home.close()
    expect(readFileSync(path).includes('a secret nobody may read')).toBe(true)
    expect(await hookline('export', path)).toBe(0)
    expect(`${terminal.printed}\n`).toBe(lines.join(''))
  })

  test('ends with 1 at a record that is not what was written, and leaves no file', async () => {
    tamper(path, "UPDATE records SET line = line || ' ' WHERE seq = 201")
    const output = freshPath('out.jsonl')
    expect(await hookline('export', path, '--output', output)).toBe(1)
    expect(terminal.noted).toContain('record 201 is not what was written')
    expect(readdirSync(dirname(output))).toEqual([])
    expect(await hookline('export', path, '--output', output, '--until', '200')).toBe(0)
  })

  test('writes over nothing, and says so with 2', async () => {
    const output = writeLogFile('mine')
    expect(await hookline('export', path, '--output', output)).toBe(2)
    expect(readFileSync(output, 'utf8')).toBe('mine')
    expect(existsSync(`${output}.sha256`)).toBe(false)
  })

  test.each([[['--json']], [['--from', 'yesterday']], [['--until', '']]])(
    'ends with 2 when called wrongly: %j',
    async (options) => {
      expect(await hookline('export', path, ...options)).toBe(2)
    },
  )

  test('ends with 2 for what is no file of SQLite', async () => {
    expect(await hookline('export', writeLogFile(lines.join('')))).toBe(2)
    expect(terminal.noted).toContain('what is in JSONL needs no export')
    expect(await hookline('export', `${path}.missing`)).toBe(2)
  })
})

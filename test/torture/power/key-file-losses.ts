// Power lost at every call that a process made on its key file, with every fate of what was not synced.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { HooklineError } from '../../../src/index.ts'
import { fileKeys } from '../../../src/server/keys/file-keys.ts'
import type { Dice } from '../../soak/dice.ts'
import { Disk } from './disk.ts'
import { fates } from './disk-file.ts'
import type { TracedOp } from './disk-op.ts'
import type { KeyNotice } from './key-program.ts'
import { readTrace, straceLauncher } from './strace.ts'

export interface KeyFileLosses {
  readonly losses: number
  /** Keys made, and those of them that were revoked. */
  readonly made: number
  readonly revoked: number
  readonly wrong: readonly string[]
}

const fileName = 'hooks.db.keys.json'

/** @param folder of this run alone; @param fastFolder where what a disk may show is put */
export async function loseKeyFiles(
  program: string,
  folder: string,
  fastFolder: string,
  dice: Dice,
): Promise<KeyFileLosses> {
  const ops = await recordKeys(program, folder)
  const place = mkdtempSync(join(fastFolder, 'hookline-power-keys-'))
  const disk = new Disk()
  /** By id, whether it was revoked. */
  const said = new Map<string, boolean>()
  const wrong: string[] = []
  let losses = 0
  for (const [index, op] of ops.entries()) {
    for (const fate of fates) {
      losses += 1
      const found = judge(disk.afterPowerLoss(fate, dice), said, place)
      wrong.push(...found.map((text) => `before call ${index + 1} (${op.type}), ${fate} kept: ${text}`))
    }
    if (op.type === 'sent') hear(String(op.data), said)
    else disk.apply(op)
  }
  rmSync(place, { recursive: true })
  const revoked = [...said.values()].filter((isRevoked) => isRevoked).length
  return { losses, made: said.size, revoked, wrong }
}

async function recordKeys(program: string, folder: string): Promise<TracedOp[]> {
  const [watched, traces] = [join(folder, 'keys'), join(folder, 'trace')]
  for (const each of [watched, traces]) mkdirSync(each, { recursive: true })
  const launcher = straceLauncher(traces)
  const child = fork(program, [join(watched, fileName)], {
    execPath: launcher.program,
    execArgv: [...launcher.parameters, process.execPath],
  })
  await once(child, 'close')
  if (child.exitCode !== 0) throw new Error(`the process that makes keys ended with ${String(child.exitCode)}`)
  return readTrace(traces, watched)
}

function hear(text: string, said: Map<string, boolean>): void {
  for (const line of text.split('\n')) {
    if (!line.startsWith('{"id"')) continue
    const { id, revoked } = JSON.parse(line) as KeyNotice // written by the program of this very torture
    said.set(id, revoked)
  }
}

function judge(disk: ReadonlyMap<string, Buffer>, said: ReadonlyMap<string, boolean>, place: string): string[] {
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place)
  for (const [path, content] of disk) writeFileSync(join(place, basename(path)), content)
  try {
    const keys = fileKeys(join(place, fileName))
    return Array.from(said).flatMap(([id, revoked]) => {
      const key = keys.find(id)
      if (key === undefined) return [`key ${id} was made, and is lost`]
      return revoked && key.revokedAt === null ? [`key ${id} was revoked, and lets in`] : []
    })
  } catch (error) {
    if (error instanceof HooklineError) return [error.message]
    throw error
  }
}

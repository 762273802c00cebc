import { readFileSync, realpathSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import type { KeyRing } from '../key-ring.ts'
import { keyFileFault, systemCode } from './file-fault.ts'
import { readKeyFileText } from './key-file-text.ts'

/** What a look into a key file gave. */
export interface KeyFile {
  /** Null when there is no file. */
  readonly ring: KeyRing | null
  /** Differs for each content that the file has had. */
  readonly version: string
}

/** @throws StorageError */
export function readKeyFile(path: string): KeyFile {
  try {
    // Before the content: what is written in between is read twice, and not missed.
    const version = versionOf(path)
    return { ring: readKeyFileText(readFileSync(path, 'utf8'), path), version }
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return { ring: null, version: noFile }
    throw keyFileFault(error, path, 'read')
  }
}

const noFile = 'none'

/** Of the file that is there now; costs a few microseconds. */
export function versionOf(path: string): string {
  const found: BigIntStats | undefined = statSync(path, { bigint: true, throwIfNoEntry: false })
  return found === undefined ? noFile : `${found.dev}.${found.ino}.${found.size}.${found.mtimeNs}.${found.ctimeNs}`
}

/** Where the file itself is, when `path` leads to it through a link: the link stays, and everyone takes the same lock. */
export function realPath(path: string): string {
  try {
    return realpathSync(path)
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return path
    throw error
  }
}

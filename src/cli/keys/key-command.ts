import { InvalidOptionError } from '../../errors/errors.ts'
import type { Role } from '../../server/keys/caller.ts'
import { fileKeys } from '../../server/keys/file-keys.ts'
import type { KeyStore } from '../../server/keys/key-store.ts'
import { CallError } from '../call-error.ts'
import { loadConfig } from '../config/load-config.ts'
import type { EndWith } from '../program.ts'
import type { Terminal } from '../terminal.ts'

export interface KeyFlags {
  readonly keys?: string
  readonly store?: string
  readonly config?: string
  readonly json?: true
}

export interface CreateFlags extends KeyFlags {
  /** One of them: the program has checked it. */
  readonly role: Role
  readonly tenant?: string
}

/** A command on a key file, as it was called. */
export interface KeyCommand<Flags extends KeyFlags = KeyFlags> {
  readonly flags: Flags
  readonly terminal: Terminal
  readonly end: EndWith
}

/** The key file that the server here would use, whatever is in it; it need not be there yet. */
export function openKeys({ flags, terminal: { clock } }: KeyCommand): {
  readonly file: string
  readonly keys: KeyStore
} {
  const { keys, store, config } = flags
  const loaded = loadConfig({ flags: { keys, store, config }, environment: process.env, folder: process.cwd() })
  const file = loaded.config.keys ?? `${loaded.config.store}.keys.json`
  return { file, keys: fileKeys(file, { clock }) }
}

/** What hookline refuses of what was typed, is a wrong call. */
export async function asCalled<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof InvalidOptionError) throw new CallError(error.message)
    throw error
  }
}

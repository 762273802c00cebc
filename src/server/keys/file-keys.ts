import type { Clock } from '../../clock/clock.ts'
import { systemClock } from '../../clock/system-clock.ts'
import type { StorageError, StorageFailure } from '../../errors/errors.ts'
import { systemRandomBytes } from '../../random/random-bytes.ts'
import type { RandomBytes } from '../../random/random-bytes.ts'
import { gone, isSystemError, keyFileFault } from './file/file-fault.ts'
import { withFileLock } from './file/file-lock.ts'
import type { LockPorts } from './file/file-lock.ts'
import { writeKeyFileText } from './file/key-file-text.ts'
import { readKeyFile, realPath, versionOf } from './file/read-key-file.ts'
import type { KeyFile } from './file/read-key-file.ts'
import { replaceFile } from './file/replace-file.ts'
import { KeyRing } from './key-ring.ts'
import type { KeyStore, StoredKey, StoredTenant } from './key-store.ts'

export interface FileKeysOptions {
  /** @default the system's */
  readonly clock?: Clock | undefined
  /** @default the system's */
  readonly randomBytes?: RandomBytes | undefined
  /**
   * Told, once, when the file cannot be read any more, and with null when it can again. Meanwhile the keys that were read last
   * go on to count.
   */
  readonly onProblem?: ((problem: StorageError | null) => void) | undefined
}

const lookEveryMs = 500
const finalReasons: ReadonlySet<StorageFailure> = new Set(['damaged', 'unknownFormat', 'replaced'])

/**
 * Keys in a file, which several processes may read and change at once: a server, and whoever makes keys for it.
 *
 * A new key of another process counts at once, any other change within half a second. The file is replaced as a whole, so that
 * nobody ever reads half of it. A file that is damaged, unreadable or gone while it is in use changes nothing but
 * what `onProblem` is told: nobody is locked out by it, and nobody is let in.
 *
 * @throws StorageError when there is a file, but none that can be read as keys
 */
export function fileKeys(path: string, options: FileKeysOptions = {}): KeyStore {
  return new FileKeys(path, options)
}

class FileKeys implements KeyStore {
  readonly #path: string
  readonly #ports: LockPorts
  readonly #onProblem: (problem: StorageError | null) => void
  #ring = new KeyRing()
  /** Of the file as it was read or refused; null when that has to be tried again. */
  #version: string | null = null
  #lookedAt: number
  #hadKeys = false
  #problem: StorageError | null = null

  constructor(path: string, { clock = systemClock, randomBytes = systemRandomBytes, onProblem }: FileKeysOptions) {
    this.#path = path
    this.#ports = { clock, randomBytes }
    this.#onProblem = onProblem ?? ((): void => undefined)
    this.#lookedAt = clock.monotonic()
    this.#take(readKeyFile(path))
  }

  get empty(): boolean {
    // Whoever is let in only because there is no key must be stopped by the first one.
    if (!this.#hadKeys) this.#look()
    return !this.#hadKeys
  }

  find(id: string): StoredKey | undefined {
    const known = this.#fresh().find(id)
    if (known !== undefined) return known
    this.#look()
    return this.#ring.find(id)
  }

  list(): readonly StoredKey[] {
    this.#look()
    return this.#ring.list()
  }

  tenant(id: string): StoredTenant | undefined {
    return this.#fresh().tenant(id)
  }

  tenants(): readonly StoredTenant[] {
    this.#look()
    return this.#ring.tenants()
  }

  add(key: StoredKey): Promise<void> {
    return this.#change((ring) => ring.add(key))
  }

  revoke(id: string, revokedAt: string): Promise<StoredKey | undefined> {
    return this.#change((ring) => ring.revoke(id, revokedAt))
  }

  setTenant(tenant: StoredTenant): Promise<void> {
    return this.#change((ring) => ring.setTenant(tenant))
  }

  #fresh(): KeyRing {
    if (this.#ports.clock.monotonic() - this.#lookedAt >= lookEveryMs) this.#look()
    return this.#ring
  }

  /** Takes in what another process wrote. A file that cannot be read, or is gone, leaves what is known. */
  #look(): void {
    this.#lookedAt = this.#ports.clock.monotonic()
    let version: string | null = null
    try {
      version = versionOf(this.#path)
      if (version === this.#version) return
      const file = readKeyFile(this.#path)
      if (file.ring === null && this.#hadKeys) throw gone(this.#path)
      this.#take(file)
      this.#tell(null)
    } catch (error) {
      const problem = keyFileFault(error, this.#path, 'read')
      // The same content will be no better; what the system refused may be granted at any time.
      this.#version = finalReasons.has(problem.reason) ? version : null
      this.#tell(problem)
    }
  }

  #tell(problem: StorageError | null): void {
    const before = this.#problem
    this.#problem = problem
    if (before?.message !== problem?.message) this.#onProblem(problem)
  }

  #take({ ring, version }: KeyFile): void {
    this.#ring = ring ?? new KeyRing()
    this.#version = version
    this.#hadKeys ||= !this.#ring.empty
  }

  /** Changes what the file holds now, whoever wrote it. It is rarely done, and takes as long as the disk needs to make it durable. */
  async #change<T>(change: (ring: KeyRing) => T): Promise<T> {
    try {
      const path = realPath(this.#path)
      return await withFileLock(`${path}.lock`, this.#ports, (stillMine) => {
        // When it is gone, what is known of it is written again.
        const found = readKeyFile(path).ring ?? this.#ring
        const ring = found.copy()
        const result = change(ring)
        const text = writeKeyFileText(ring)
        if (text !== writeKeyFileText(found)) replaceFile(path, text, stillMine)
        this.#take({ ring, version: versionOf(path) })
        this.#tell(null)
        return result
      })
    } catch (error) {
      throw isSystemError(error) ? keyFileFault(error, this.#path, 'written') : error
    }
  }
}

import { isoTime } from '../../clock/iso-time.ts'
import { systemRandomBytes } from '../../random/random-bytes.ts'
import { issueKey } from '../../server/keys/issue-key.ts'
import type { KeyStore, StoredKey } from '../../server/keys/key-store.ts'
import { keyIdOf } from '../../server/keys/key-text.ts'
import { showKey } from '../../server/keys/shown-key.ts'
import { alignedRows } from '../aligned-rows.ts'
import { CallError } from '../call-error.ts'
import { exitCode } from '../exit-code.ts'
import { jsonText } from '../json-text.ts'
import { printableText } from '../printable-text.ts'
import { asCalled, openKeys } from './key-command.ts'
import type { CreateFlags, KeyCommand } from './key-command.ts'

/** Prints the key alone on the standard output, so that a script can take it. */
export async function createKey(command: KeyCommand<CreateFlags>, name: string): Promise<void> {
  const { flags, terminal } = command
  const { file, keys } = openKeys(command)
  const ports = { clock: terminal.clock, randomBytes: systemRandomBytes }
  const { role, tenant } = flags
  const { text, key } = await asCalled(() => issueKey(keys, { name, role, tenantId: tenant }, ports))
  if (flags.json === true) {
    terminal.print(jsonText({ ...showKey(key), key: text, file }))
    return
  }
  terminal.print(text)
  terminal.note(printableText(`this is the key; it is kept nowhere. Its hash is in ${JSON.stringify(file)}`))
  if (!keys.list().some(isPlatformAdmin)) {
    terminal.note('the service asks for a key now, and none may manage it: make one with --role admin and no --tenant')
  }
}

export function listKeys(command: KeyCommand): void {
  const { flags, terminal } = command
  const { file, keys } = openKeys(command)
  if (flags.json === true) return terminal.print(jsonText({ file, keys: keys.list().map(showKey) }))
  if (keys.empty) return terminal.note(printableText(`there are no keys in ${JSON.stringify(file)}`))
  const rows = keys
    .list()
    .map((key) => [key.id, key.name, key.role, tenantText(key), key.createdAt, stateText(keys, key)])
  for (const line of alignedRows([['KEY', 'NAME', 'ROLE', 'TENANT', 'MADE', 'STATE'], ...rows])) terminal.print(line)
}

export async function revokeKey(command: KeyCommand, given: string): Promise<void> {
  const { flags, terminal, end } = command
  const id = keyIdOf(given)
  // What was typed is not shown: it may be a key with a digit too many.
  if (id === undefined)
    throw new CallError('a key is named by its id, the 12 hex digits after hk_; see hookline keys list')
  const { file, keys } = openKeys(command)
  const key = await keys.revoke(id, isoTime(terminal.clock.now()))
  if (key === undefined) {
    terminal.note(printableText(`hookline: no key has the id ${id} in ${JSON.stringify(file)}; see hookline keys list`))
    end(exitCode.failed)
    return
  }
  if (flags.json === true) terminal.print(jsonText(showKey(key)))
  else terminal.print(printableText(`${id} (${key.name}) was revoked at ${key.revokedAt}`))
}

const isPlatformAdmin = ({ role, tenantId, revokedAt }: StoredKey): boolean =>
  role === 'admin' && tenantId === null && revokedAt === null

const tenantText = ({ tenantId }: StoredKey): string => tenantId ?? '-'

function stateText(keys: KeyStore, { tenantId, revokedAt }: StoredKey): string {
  if (revokedAt !== null) return `revoked ${revokedAt}`
  return tenantId !== null && keys.tenant(tenantId)?.active === false ? 'tenant inactive' : 'valid'
}

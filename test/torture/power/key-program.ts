// The process whose key file loses its power: it makes keys and revokes some, and says so once that is durable.
import { systemClock } from '../../../src/clock/system-clock.ts'
import { systemRandomBytes } from '../../../src/random/random-bytes.ts'
import { fileKeys } from '../../../src/server/keys/file-keys.ts'
import { issueKey } from '../../../src/server/keys/issue-key.ts'

/** What it says: of each key, and again of those it revoked. */
export interface KeyNotice {
  readonly id: string
  readonly revoked: boolean
}

const keysMade = 12

const keys = fileKeys(process.argv[2] ?? '')
for (let made = 0; made < keysMade; made++) {
  const name = 'x'.repeat(1 + made * 10)
  const { key } = await issueKey(keys, { name, role: 'admin' }, { clock: systemClock, randomBytes: systemRandomBytes })
  say({ id: key.id, revoked: false })
  if (made % 3 !== 0) continue
  await keys.revoke(key.id, key.createdAt)
  say({ id: key.id, revoked: true })
}
process.disconnect()

function say(notice: KeyNotice): void {
  process.send?.(notice)
}

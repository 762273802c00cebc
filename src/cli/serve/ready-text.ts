import type { KeyStore } from '../../server/keys/key-store.ts'
import { version } from '../../version.ts'
import type { Config } from '../config/config-schema.ts'

/** The one line that says where it listens, what it keeps and what is missing. */
export function readyText(url: string, { store, keys: file }: Config, keys: KeyStore): string {
  const listens = `hookline ${version} listens on ${url}, with its log in ${store}`
  if (keys.empty) {
    return `${listens}; there is no API key: everyone on this machine may do everything, and no other machine is answered`
  }
  const active = keys.list().filter(({ revokedAt }) => revokedAt === null).length
  return `${listens} and ${active} API ${active === 1 ? 'key' : 'keys'} in ${file}`
}

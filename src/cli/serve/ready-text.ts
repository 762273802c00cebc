import { version } from '../../version.ts'
import type { Config } from '../config/config-schema.ts'

/** The one line that says where it listens, what it keeps and what is missing. */
export function readyText(url: string, { store }: Config): string {
  return (
    `hookline ${version} listens on ${url}, with its log in ${store}; there is no API key: everyone on this machine may ` +
    'do everything, and no other machine is answered'
  )
}

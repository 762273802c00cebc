import type { ConfigKey } from './config-keys.ts'
import { notesOf } from './config-schema.ts'

/** The default of a key, for people: `30000`, `[]`, or when it depends on something in words. */
export function defaultText({ schema, fallback }: ConfigKey): string {
  return fallback === undefined ? (notesOf(schema).defaultText ?? 'none') : JSON.stringify(fallback).replaceAll('"', '')
}

import { createHmac, verify } from 'node:crypto'
import { decodeStrictBase64 } from '../signing/strict-base64.ts'
import { constantTimeEqual } from './constant-time-equal.ts'
import { isEventId } from './is-event-id.ts'
import { headerValues } from './received-headers.ts'
import type { SignatureProblem } from './signature-problem.ts'
import type { VerificationKey } from './verification-key.ts'
import type { VerifySettings } from './verify-input.ts'

/** One list holds an entry per key and version; far more is an attempt to keep the receiver busy. */
const mostEntries = 32

/** Checks the Standard Webhooks 1.0.0 headers of a request. Nothing that comes from the network makes it throw. */
export function diagnoseStandard(
  keys: readonly VerificationKey[],
  { headers, body, nowMs, toleranceMs }: VerifySettings,
): SignatureProblem | null {
  const ids = headerValues(headers, 'webhook-id')
  const timestamps = headerValues(headers, 'webhook-timestamp')
  const lists = headerValues(headers, 'webhook-signature')
  if (ids.length > 1 || timestamps.length > 1 || lists.length > 1) return 'duplicate-header'
  const [id] = ids
  const [timestamp] = timestamps
  const [list] = lists
  if (id === undefined || timestamp === undefined || list === undefined) return 'missing-header'
  if (!isEventId(id)) return 'bad-id'
  const problem = diagnoseTimestamp(timestamp, nowMs, toleranceMs)
  if (problem !== null) return problem
  return diagnoseList(keys, list, Buffer.concat([Buffer.from(`${id}.${timestamp}.`), body]))
}

function diagnoseTimestamp(timestamp: string, nowMs: number, toleranceMs: number): SignatureProblem | null {
  if (!/^[0-9]{1,12}$/.test(timestamp)) return 'bad-timestamp'
  const ageMs = nowMs - Number(timestamp) * 1000
  if (ageMs > toleranceMs) return 'timestamp-too-old'
  return ageMs < -toleranceMs ? 'timestamp-too-new' : null
}

function diagnoseList(keys: readonly VerificationKey[], list: string, content: Buffer): SignatureProblem | null {
  const entries = list.split(' ')
  if (entries.length > mostEntries) return 'too-many-signatures'
  if (entries.some(isJoinedHeader)) return 'duplicate-header'
  let matches = false
  // No early end: how long it takes must not tell which key or entry matched.
  for (const key of keys) matches = matchesAny(key, entries, content) || matches
  return matches ? null : 'no-match'
}

/** `v1,…,`: Node and fetch join a header that was sent twice with a comma and a space. */
function isJoinedHeader(entry: string): boolean {
  return entry.endsWith(',') && entry.indexOf(',') < entry.length - 1
}

function matchesAny(key: VerificationKey, entries: readonly string[], content: Buffer): boolean {
  const { standardKey } = key
  let matches = false
  if (standardKey.type === 'secret') {
    const expected = `v1,${createHmac('sha256', standardKey).update(content).digest('base64')}`
    for (const entry of entries) matches = constantTimeEqual(entry, expected) || matches
    return matches
  }
  for (const entry of entries) {
    if (!entry.startsWith('v1a,')) continue
    const signature = decodeStrictBase64(entry.slice('v1a,'.length))
    if (signature !== null) matches = verify(null, content, standardKey, signature) || matches
  }
  return matches
}

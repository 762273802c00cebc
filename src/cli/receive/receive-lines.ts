// What the receiver tells people: a line for each request, and a summary.
import { countText, numberText } from '../number-text.ts'
import { printableText } from '../printable-text.ts'
import type { Terminal } from '../terminal.ts'
import type { ReceivedEvent } from './received-event.ts'
import type { ReceiveStats } from './receive-stats.ts'

const longestBodyShown = 100

export function eventLine(event: ReceivedEvent, colors: Terminal['colors']): string {
  const { at, answer, eventType, eventId, sequence, attempt, signature, path, duplicate, gap } = event
  const parts = [
    at,
    colored(String(answer).padEnd(4), answer, colors),
    printableText(eventType ?? '-'),
    printableText(eventId ?? '-'),
    `#${sequence ?? '-'}`,
    `attempt ${attempt ?? '-'}`,
    signature === 'verified' || signature === 'unchecked' ? signature : colors.red(signature),
    printableText(path),
    ...(duplicate ? [colors.yellow('duplicate')] : []),
    ...(gap > 0 ? [colors.yellow(`gap of ${gap} before it`)] : []),
    printableText(shortBody(event.body)),
  ]
  return parts.join('  ').trimEnd()
}

export function summaryLines(stats: ReceiveStats): string[] {
  const { received, verified, signatureFailures, unchecked, answered, hung, duplicates, gaps, late } = stats
  const answers = Object.entries(answered).map(([status, count]) => `${numberText(count)} with ${status}`)
  const checked = unchecked > 0 ? `${numberText(unchecked)} not checked` : `${numberText(verified)} verified`
  return [
    `received    ${countText(received, 'request')}: ${checked}, ${countText(signatureFailures, 'wrong signature')}`,
    `answered    ${answers.length === 0 ? 'none' : answers.join(', ')}; ${numberText(hung)} left hanging`,
    `duplicates  ${numberText(duplicates)}`,
    `gaps        ${numberText(gaps)} missing, ${numberText(late)} came late`,
  ]
}

function colored(text: string, answer: ReceivedEvent['answer'], colors: Terminal['colors']): string {
  if (answer === 200) return colors.green(text)
  return answer === 401 ? colors.red(text) : colors.yellow(text)
}

function shortBody(body: string): string {
  return body.length > longestBodyShown ? `${body.slice(0, longestBodyShown)}…` : body
}

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { deliveryMachine } from '../../machines/delivery.ts'
import { importJsonl } from '../../src/log/jsonl.ts'
import type { LogRecord } from '../../src/log/transition.ts'
import { replay } from '../../src/replay/replay.ts'

const here = new URL('./', import.meta.url)
const folders = readdirSync(here, { withFileTypes: true }).filter((entry) => entry.isDirectory())
const logs = folders.flatMap(({ name }) =>
  readdirSync(new URL(`${name}/`, here))
    .filter((file) => file.endsWith('.jsonl'))
    .map((file) => `${name}/${file.slice(0, -'.jsonl'.length)}`),
)

function read(log: string): LogRecord[] {
  return [...importJsonl(readFileSync(new URL(`${log}.jsonl`, here), 'utf8').split('\n'))]
}

describe('a log of an earlier version leads to the states it led to then:', () => {
  test.each(logs)('%s', (log) => {
    const states = JSON.parse(readFileSync(new URL(`${log}.states.json`, here), 'utf8')) as unknown
    expect([...replay(read(log)).events.values()]).toEqual(states)
  })
})

test('the golden logs of the machine’s version go through every transition it has', () => {
  const kept = new Set<string>()
  for (const log of logs) {
    for (const { machine, from, to, event } of read(log)) {
      if (machine === 'delivery@1' && from !== null) kept.add(`${from} ${event.type} ${to}`)
    }
  }
  const possible = Object.values(deliveryMachine.states).flatMap(({ key, transitions }) =>
    Array.from(transitions.values()).flatMap((candidates) =>
      candidates.map(({ eventType, target }) => `${key} ${eventType} ${target?.[0]?.key ?? key}`),
    ),
  )
  // Only the code's own failure abandons an event whose request is under way; no run of a sound engine does.
  expect(possible.filter((transition) => !kept.has(transition))).toEqual(['delivering event.abandoned failed'])
})

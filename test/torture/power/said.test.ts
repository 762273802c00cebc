import { expect, test } from 'vitest'
import { Said } from './said.ts'

const register = {
  type: 'do',
  deed: { type: 'register', endpointId: 'ep_1', url: '', secret: '', options: { description: 'version 0' } },
} as const
const update = {
  type: 'do',
  deed: { type: 'update', endpointId: 'ep_1', patch: { description: 'version 4' } },
} as const
const redeliver = { type: 'do', deed: { type: 'redeliver', eventId: 'evt_9' } } as const

function heard(...pieces: readonly (readonly [descriptor: number, text: string])[]): Said {
  const said = new Said()
  said.startLife(
    new Map<number, typeof register | typeof update | typeof redeliver>([
      [1, register],
      [2, update],
      [3, redeliver],
    ]),
  )
  for (const [descriptor, text] of pieces) said.hear({ type: 'sent', descriptor, data: Buffer.from(text) })
  return said
}

test('hears what was acknowledged, told and done, also in pieces', () => {
  const lines = [
    { type: 'done', call: 1, eventIds: [] },
    { type: 'done', call: 2, eventIds: [] },
    { type: 'done', call: 3, eventIds: [] },
    { type: 'done', call: 4, eventIds: ['evt_1', 'evt_2'] },
    { type: 'records', lines: ['{"seq":7}', '{"seq":8}'] },
  ].map((message) => `${JSON.stringify(message)}\n`)
  const text = lines.join('')
  const said = heard([3, text.slice(0, 100)], [3, text.slice(100)])
  expect([...said.acknowledged]).toEqual(['evt_1', 'evt_2'])
  expect([...said.redelivered]).toEqual(['evt_9'])
  expect([...said.versions]).toEqual([['ep_1', 4]])
  expect([...said.told]).toEqual([
    [7, '{"seq":7}'],
    [8, '{"seq":8}'],
  ])
})

test('takes no half message for one', () => {
  expect(heard([3, '{"type":"done","call":4,"eventIds":["evt_1"]}']).acknowledged.size).toBe(0)
})

test('hears which requests left, and nothing else from sockets', () => {
  const request = 'POST /endpoint/1 HTTP/1.1\r\nX-Event-Id: evt_1\r\nX-Event-Attempt: 2\r\ncontent-length: 2\r\n\r\n{}'
  const said = heard([20, request], [20, '{"type":"done","call":4,"eventIds":["evt_1"]}\n'])
  expect(said.requests).toEqual([{ eventId: 'evt_1', attempt: 2 }])
  expect(said.acknowledged.size).toBe(0)
})

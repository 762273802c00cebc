import { expect, test } from 'vitest'
import { Dice } from '../../soak/dice.ts'
import type { TracedOp } from './disk-op.ts'
import { fates } from './disk-file.ts'
import { drawLosses } from './losses.ts'

const path = '/log/hooks.db'

function said(message: object): TracedOp {
  return { type: 'sent', descriptor: 3, data: Buffer.from(`${JSON.stringify(message)}\n`) }
}

const ops: TracedOp[] = [
  { type: 'open', path, creates: true, empties: false },
  { type: 'sync', path: '/log' },
  said({ type: 'done', call: 1, eventIds: [] }),
  { type: 'write', path, offset: 0, data: Buffer.from('event') },
  { type: 'sync', path },
  said({ type: 'done', call: 2, eventIds: ['evt_1'] }),
]
const register = {
  type: 'do',
  deed: { type: 'register', endpointId: 'ep_1', url: '', secret: '', options: { description: 'version 0' } },
} as const
const lives = [{ ops, orders: new Map([[1, register]]) }]

test('loses power before and after every sync, with every fate while the file is being made', () => {
  const losses = Array.from(drawLosses(lives, 0, new Dice(1)), ({ name, said: known }) => ({
    moment: name.replace(/\(.*/, ''),
    fate: name.replace(/^.*, (.*) kept$/, '$1'),
    registered: known.versions.size,
  }))
  const making = losses.filter(({ moment }) => moment === 'life 1, before call 2 ')
  expect(making.map(({ fate }) => fate)).toEqual(fates)
  expect(losses.slice(fates.length).map(({ moment, registered }) => `${moment}${registered}`)).toEqual([
    'life 1, after call 2 0',
    'life 1, before call 5 1',
    'life 1, after call 5 1',
  ])
})

test('knows at each loss what was acknowledged before it, and shows what the disk surely holds then', () => {
  for (const { name, disk, said: known } of drawLosses(lives, 40, new Dice(2))) {
    expect(known.acknowledged.has('evt_1')).toBe(false) // it is the last call of all
    if (name.includes('after call 5') || name.includes('before call 6')) {
      expect(disk).toEqual(new Map([[path, Buffer.from('event')]]))
    }
  }
})

test('draws the same again from the same seed', () => {
  const names = (): string[] => Array.from(drawLosses(lives, 20, new Dice(3)), ({ name }) => name)
  expect(names()).toEqual(names())
  expect(names()).toHaveLength(20 + fates.length + 3)
})

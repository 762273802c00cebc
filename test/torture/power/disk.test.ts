import { expect, test } from 'vitest'
import { Dice } from '../../soak/dice.ts'
import type { DiskOp } from './disk-op.ts'
import { Disk } from './disk.ts'

const made: DiskOp[] = [
  { type: 'open', path: '/log/a', creates: true, empties: false },
  { type: 'write', path: '/log/a', offset: 0, data: Buffer.from('one') },
  { type: 'sync', path: '/log/a' },
]
const namesSynced: DiskOp = { type: 'sync', path: '/log' }

function diskAfter(...ops: DiskOp[]): Disk {
  const disk = new Disk()
  for (const op of ops) disk.apply(op)
  return disk
}

function kept(disk: Disk, fate: 'nothing' | 'everything'): Record<string, string> {
  const files = disk.afterPowerLoss(fate, new Dice(1))
  return Object.fromEntries(Array.from(files, ([path, content]) => [path, String(content)]))
}

test('may lose a file whose folder was not synced, and no other', () => {
  expect(kept(diskAfter(...made), 'nothing')).toEqual({})
  expect(kept(diskAfter(...made), 'everything')).toEqual({ '/log/a': 'one' })
  expect(kept(diskAfter(...made, namesSynced), 'nothing')).toEqual({ '/log/a': 'one' })
})

test('may still have a file that was removed, until its folder is synced', () => {
  const removed = [...made, namesSynced, { type: 'unlink', path: '/log/a' }] as const
  expect(kept(diskAfter(...removed), 'nothing')).toEqual({ '/log/a': 'one' })
  expect(kept(diskAfter(...removed), 'everything')).toEqual({})
  expect(kept(diskAfter(...removed, namesSynced), 'nothing')).toEqual({})
})

test('may have either file under a name that was given to another', () => {
  const renamed: DiskOp[] = [
    ...made,
    namesSynced,
    { type: 'open', path: '/log/b', creates: true, empties: false },
    { type: 'write', path: '/log/b', offset: null, data: Buffer.from('two') },
    { type: 'rename', from: '/log/b', to: '/log/a' },
  ]
  expect(kept(diskAfter(...renamed), 'nothing')).toEqual({ '/log/a': 'one' })
  expect(kept(diskAfter(...renamed), 'everything')).toEqual({ '/log/a': 'two' })
  // The name is on the disk, and what it leads to is not.
  expect(kept(diskAfter(...renamed, namesSynced), 'nothing')).toEqual({ '/log/a': '' })
  expect(diskAfter(...renamed).contents()).toEqual(new Map([['/log/a', Buffer.from('two')]]))
})

test('opens what is there as it is, or empties it', () => {
  const open: DiskOp = { type: 'open', path: '/log/a', creates: true, empties: false }
  expect(kept(diskAfter(...made, namesSynced, open), 'everything')).toEqual({ '/log/a': 'one' })
  expect(kept(diskAfter(...made, namesSynced, { ...open, empties: true }), 'everything')).toEqual({ '/log/a': '' })
})

test('refuses what is done to a file that it does not know', () => {
  expect(() => diskAfter({ type: 'truncate', path: '/log/x', size: 0 })).toThrow('how /log/x was made')
})

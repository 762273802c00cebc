import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Dice } from '../../soak/dice.ts'
import { DiskFile, drawFate, fates, sectorBytes } from './disk-file.ts'

type Step = { readonly offset: number; readonly data: Uint8Array } | { readonly size: number } | 'sync'

const steps = fc.array(
  fc.oneof(
    fc.record({ offset: fc.nat(3_000), data: fc.uint8Array({ minLength: 1, maxLength: 1_500 }) }),
    fc.record({ size: fc.nat(3_000) }),
    fc.constant('sync' as const),
  ),
)
const anyFate = fc.constantFrom(...fates)

function act(file: DiskFile, step: Step): void {
  if (step === 'sync') file.sync()
  else if ('size' in step) file.truncate(step.size)
  else file.write(step.offset, Buffer.from(step.data))
}

function fileAfter(list: readonly Step[]): DiskFile {
  const file = new DiskFile()
  for (const step of list) act(file, step)
  return file
}

/** The same in an array of numbers. */
function plainContent(list: readonly Step[]): number[] {
  const bytes: number[] = []
  const grow = (size: number): void => {
    while (bytes.length < size) bytes.push(0)
  }
  for (const step of list) {
    if (step === 'sync') continue
    if ('size' in step) {
      bytes.length = Math.min(bytes.length, step.size)
      grow(step.size)
    } else {
      grow(step.offset)
      step.data.forEach((byte, index) => (bytes[step.offset + index] = byte))
    }
  }
  return bytes
}

test('is, while there is power, what was written to it', () => {
  fc.assert(
    fc.property(steps, (list) => {
      const file = fileAfter(list)
      expect([...file.content()]).toEqual(plainContent(list))
      expect(file.content()).toHaveLength(file.size)
    }),
  )
})

test('is the file, whatever its fate, when all is synced', () => {
  fc.assert(
    fc.property(steps, anyFate, fc.nat(), (list, fate, seed) => {
      const file = fileAfter([...list, 'sync'])
      expect(file.afterPowerLoss(drawFate(fate, new Dice(seed))).equals(file.content())).toBe(true)
    }),
  )
})

test('is as it was synced when nothing else was kept, and as it was left when everything was', () => {
  fc.assert(
    fc.property(steps, steps, fc.nat(), (before, after, seed) => {
      const synced = fileAfter(before).content()
      const file = fileAfter([...before, 'sync', ...after.filter((step) => step !== 'sync')])
      expect(file.afterPowerLoss(drawFate('nothing', new Dice(seed))).equals(synced)).toBe(true)
      expect(file.afterPowerLoss(drawFate('everything', new Dice(seed))).equals(file.content())).toBe(true)
    }),
  )
})

test('holds of each sector what it held at some moment since the last sync', () => {
  fc.assert(
    fc.property(steps, steps, anyFate, fc.nat(), (before, after, fate, seed) => {
      const writes = after.filter((step) => step !== 'sync' && 'data' in step)
      const file = fileAfter([...before, 'sync'])
      const moments = [file.content()]
      for (const step of writes) {
        act(file, step)
        moments.push(file.content())
      }
      const drawn = drawFate(fate, new Dice(seed))
      const disk = file.afterPowerLoss({ ...drawn, fillHole: () => undefined })
      for (let start = 0; start < disk.length; start += sectorBytes) {
        const sector = disk.subarray(start, start + sectorBytes)
        const possible = moments.map((content) => ofLength(content.subarray(start, start + sectorBytes), sector.length))
        expect(possible.some((content) => content.equals(sector))).toBe(true)
      }
    }),
  )
})

/** Beyond its end a file is empty. */
function ofLength(bytes: Buffer, length: number): Buffer {
  const result = Buffer.alloc(length)
  bytes.copy(result, 0, 0, length)
  return result
}

// One file as the system keeps it: what is surely on the disk, and what was done to it since.
import type { Dice } from '../../soak/dice.ts'

/** The smallest piece of a file that a disk writes whole or not at all. */
export const sectorBytes = 512

type Change =
  | { readonly type: 'write'; readonly offset: number; readonly data: Buffer }
  | { readonly type: 'truncate'; readonly size: number }

/** What becomes of what was not synced. */
export interface Fate {
  /** Whether a sector that a change has written reaches the disk. `change` counts from 0, of `changes`. */
  keeps(change: number, changes: number, sector: number): boolean
  /** How many of the changes to its size reach it: that of a number of changes, from none to all. */
  sizes(changes: number): number
  /** What a disk shows where a file has grown for a write that did not reach it. */
  fillHole(hole: Buffer): void
}

export class DiskFile {
  #durable: Buffer = Buffer.alloc(0)
  #size = 0
  #changes: Change[] = []

  get size(): number {
    return this.#size
  }

  /** Whether all that was done to it is on the disk. */
  get synced(): boolean {
    return this.#changes.length === 0
  }

  /** @param offset null: at its end */
  write(offset: number | null, data: Buffer): void {
    const at = offset ?? this.#size
    this.#changes.push({ type: 'write', offset: at, data })
    this.#size = Math.max(this.#size, at + data.length)
  }

  truncate(size: number): void {
    this.#changes.push({ type: 'truncate', size })
    this.#size = size
  }

  sync(): void {
    this.#durable = this.content()
    this.#changes = []
  }

  /** As whoever reads it sees it, while there is power. */
  content(): Buffer {
    return this.#changes.reduce(applied, Buffer.from(this.#durable))
  }

  /** What the disk shows after the power was lost now. */
  afterPowerLoss(fate: Fate): Buffer {
    const changes = this.#changes
    const sizes = fate.sizes(changes.length)
    const kept = this.#keptSectors(fate, sizes)
    let content: Buffer = Buffer.from(this.#durable)
    for (const change of changes.slice(0, sizes)) content = resized(content, change, fate)
    for (const [sector, bytes] of kept) {
      const start = sector * sectorBytes
      if (start < content.length) bytes.copy(content, start)
    }
    return content
  }

  /** What reached the disk of each sector: what the system held of it at the last of its writes that did. */
  #keptSectors(fate: Fate, sizes: number): Map<number, Buffer> {
    const kept = new Map<number, Buffer>()
    let cache: Buffer = Buffer.from(this.#durable)
    this.#changes.forEach((change, index) => {
      cache = applied(cache, change)
      if (change.type === 'truncate') {
        if (index >= sizes) return
        // What lay there is no part of the file any more.
        const end = Math.ceil(change.size / sectorBytes)
        for (const sector of kept.keys()) if (sector >= end) kept.delete(sector)
        if (kept.has(end - 1)) kept.set(end - 1, sectorOf(cache, end - 1))
        return
      }
      const last = Math.floor((change.offset + change.data.length - 1) / sectorBytes)
      for (let sector = Math.floor(change.offset / sectorBytes); sector <= last; sector++) {
        if (!fate.keeps(index, this.#changes.length, sector)) continue
        kept.set(sector, sectorOf(cache, sector))
      }
    })
    return kept
  }
}

function sectorOf(content: Buffer, sector: number): Buffer {
  return Buffer.from(content.subarray(sector * sectorBytes, (sector + 1) * sectorBytes))
}

/** May change `content` itself. */
function applied(content: Buffer, change: Change): Buffer {
  if (change.type === 'truncate') return ofSize(content, change.size)
  const end = change.offset + change.data.length
  const result = end > content.length ? ofSize(content, end) : content
  change.data.copy(result, change.offset)
  return result
}

/** Of a change, what it does to the size alone. */
function resized(content: Buffer, change: Change, fate: Fate): Buffer {
  if (change.type === 'truncate') return ofSize(content, change.size)
  const end = change.offset + change.data.length
  if (end <= content.length) return content
  const result = ofSize(content, end)
  fate.fillHole(result.subarray(Math.max(content.length, change.offset)))
  return result
}

function ofSize(content: Buffer, size: number): Buffer {
  const result = Buffer.alloc(size)
  content.copy(result)
  return result
}

export const fates = ['nothing', 'everything', 'the first', 'all but one', 'some', 'torn'] as const
export type FateName = (typeof fates)[number]

/** Draws what reaches the disk of what was not synced. */
export function drawFate(name: FateName, dice: Dice): Fate {
  const isNoisy = dice.chance(0.3)
  const share = dice.between(0, 1)
  const coins = new Map<number, boolean>()
  const coin = (change: number): boolean => {
    const known = coins.get(change) ?? dice.chance(share)
    coins.set(change, known)
    return known
  }
  const keeps: Record<FateName, Fate['keeps']> = {
    nothing: () => false,
    everything: () => true,
    'the first': (change, changes) => change < Math.floor(share * (changes + 1)),
    'all but one': (change, changes) => change !== Math.floor(share * changes),
    some: coin,
    torn: (change) => coin(change) && dice.chance(0.7),
  }
  const sizes: Record<FateName, Fate['sizes']> = {
    nothing: () => 0,
    everything: (changes) => changes,
    'the first': (changes) => Math.floor(share * (changes + 1)),
    'all but one': (changes) => changes,
    some: (changes) => dice.whole(0, changes),
    torn: (changes) => (dice.chance(0.5) ? changes : dice.whole(0, changes)),
  }
  return {
    keeps: keeps[name],
    sizes: sizes[name],
    fillHole(hole) {
      if (isNoisy) for (let at = 0; at < hole.length; at++) hole[at] = dice.whole(0, 255)
    },
  }
}

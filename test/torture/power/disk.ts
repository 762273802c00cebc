// A folder of files as the system keeps it: which names lead to which files, on the disk and since.
import { dirname } from 'node:path'
import type { Dice } from '../../soak/dice.ts'
import type { DiskOp } from './disk-op.ts'
import { DiskFile, drawFate, type FateName } from './disk-file.ts'

/** What a name may lead to after a loss of power: what it did when its folder was last synced, first, and since. */
type Leads = (DiskFile | null)[]

export class Disk {
  readonly #names = new Map<string, Leads>()

  /** @throws Error when what is done to a file cannot be done to what is known of it */
  apply(op: DiskOp): void {
    switch (op.type) {
      case 'open':
        if (op.creates && this.#find(op.path) === null) this.#lead(op.path, new DiskFile())
        else if (op.empties) this.#file(op.path).truncate(0)
        return
      case 'write':
        return this.#file(op.path).write(op.offset, op.data)
      case 'truncate':
        return this.#file(op.path).truncate(op.size)
      case 'sync':
        return this.#sync(op.path)
      case 'unlink':
        return this.#lead(op.path, null)
      case 'rename': {
        const file = this.#file(op.from)
        this.#lead(op.from, null)
        this.#lead(op.to, file)
      }
    }
  }

  /** Every file there is, as whoever reads it sees it. */
  contents(): Map<string, Buffer> {
    return this.#each((leads) => leads.at(-1)?.content())
  }

  /** What the disk shows after the power was lost now. */
  afterPowerLoss(fate: FateName, dice: Dice): Map<string, Buffer> {
    const names = drawFate(fate, dice)
    return this.#each((leads) => leads[names.sizes(leads.length - 1)]?.afterPowerLoss(drawFate(fate, dice)))
  }

  #each(read: (leads: Leads) => Buffer | undefined): Map<string, Buffer> {
    const contents = new Map<string, Buffer>()
    for (const [path, leads] of this.#names) {
      const content = read(leads)
      if (content !== undefined) contents.set(path, content)
    }
    return contents
  }

  #sync(path: string): void {
    const file = this.#find(path)
    if (file !== null) return file.sync()
    for (const [name, leads] of this.#names) if (dirname(name) === path) leads.splice(0, leads.length - 1)
  }

  #lead(path: string, file: DiskFile | null): void {
    const leads = this.#names.get(path)
    if (leads === undefined) this.#names.set(path, [null, file])
    else leads.push(file)
  }

  #find(path: string): DiskFile | null {
    return this.#names.get(path)?.at(-1) ?? null
  }

  #file(path: string): DiskFile {
    const file = this.#find(path)
    if (file === null) throw new Error(`the trace does not say how ${path} was made`)
    return file
  }
}

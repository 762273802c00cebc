// Losses of power in the course of a recording: at each sync, at its beginning and at its end, and at moments drawn.
import type { Dice } from '../../soak/dice.ts'
import type { DiskOp } from './disk-op.ts'
import { Disk } from './disk.ts'
import { fates, type FateName } from './disk-file.ts'
import type { RecordedLife } from './record.ts'
import { Said } from './said.ts'

/** Power lost once. */
export interface Loss {
  /** For people: in which life, before which of its calls, and what became of what was not synced. */
  readonly name: string
  readonly fate: FateName
  readonly disk: ReadonlyMap<string, Buffer>
  /** Valid until the next loss is asked for. */
  readonly said: Said
}

/** Every sync just before it ends and just after, and `drawn` moments beside, in the order of time. */
export function* drawLosses(lives: readonly RecordedLife[], drawn: number, dice: Dice): Generator<Loss, void> {
  const changes = lives.reduce((sum, { ops }) => sum + ops.length, 0)
  const moments = new Map<number, number>()
  for (let count = 0; count < drawn; count++) {
    const moment = dice.whole(0, changes - 1)
    moments.set(moment, 1 + (moments.get(moment) ?? 0))
  }
  const disk = new Disk()
  const said = new Said()
  let moment = 0
  for (const [life, { ops, orders }] of lives.entries()) {
    said.startLife(orders)
    for (const [index, op] of ops.entries()) {
      const lose = (when: string): Loss => {
        const fate = dice.anyOf(fates) ?? 'everything'
        const name = `life ${life + 1}, ${when} call ${index + 1} (${describe(op)}), ${fate} kept`
        return { name, fate, disk: disk.afterPowerLoss(fate, dice), said }
      }
      for (let count = (moments.get(moment) ?? 0) + Number(isSync(op)); count > 0; count--) yield lose('before')
      if (op.type === 'sent') said.hear(op)
      else disk.apply(op)
      if (isSync(op)) yield lose('after')
      moment += 1
    }
  }
}

function isSync(op: RecordedLife['ops'][number]): op is Extract<DiskOp, { readonly type: 'sync' }> {
  return op.type === 'sync'
}

function describe(op: RecordedLife['ops'][number]): string {
  if (op.type === 'sent') return 'sent'
  return `${op.type} ${op.type === 'rename' ? op.to : op.path}`
}

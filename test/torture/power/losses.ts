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

/**
 * Every sync just before it ends and just after, and `drawn` moments beside, in the order of time. While nothing was
 * acknowledged the file is being made, in few steps: there each fate is tried.
 */
export function* drawLosses(lives: readonly RecordedLife[], drawn: number, dice: Dice): Generator<Loss, void> {
  const extra = drawMoments(lives, drawn, dice)
  const disk = new Disk()
  const said = new Said()
  let moment = 0
  for (const [life, { ops, orders }] of lives.entries()) {
    said.startLife(orders)
    for (const [index, op] of ops.entries()) {
      const lose = (when: string, fate: FateName): Loss => {
        const name = `life ${life + 1}, ${when} call ${index + 1} (${describe(op)}), ${fate} kept`
        return { name, fate, disk: disk.afterPowerLoss(fate, dice), said }
      }
      const isMaking = said.versions.size === 0
      if (isSync(op)) for (const fate of isMaking ? fates : [anyFate(dice)]) yield lose('before', fate)
      for (let count = extra.get(moment) ?? 0; count > 0; count--) yield lose('before', anyFate(dice))
      if (op.type === 'sent') said.hear(op)
      else disk.apply(op)
      if (isSync(op)) yield lose('after', anyFate(dice))
      moment += 1
    }
  }
}

/** How often power is lost before each call, counted through all lives. */
function drawMoments(lives: readonly RecordedLife[], drawn: number, dice: Dice): ReadonlyMap<number, number> {
  const calls = lives.reduce((sum, { ops }) => sum + ops.length, 0)
  const moments = new Map<number, number>()
  for (let count = 0; count < drawn; count++) {
    const moment = dice.whole(0, calls - 1)
    moments.set(moment, 1 + (moments.get(moment) ?? 0))
  }
  return moments
}

function anyFate(dice: Dice): FateName {
  return dice.anyOf(fates) ?? 'everything'
}

function isSync(op: RecordedLife['ops'][number]): op is Extract<DiskOp, { readonly type: 'sync' }> {
  return op.type === 'sync'
}

function describe(op: RecordedLife['ops'][number]): string {
  if (op.type === 'sent') return 'sent'
  return `${op.type} ${op.type === 'rename' ? op.to : op.path}`
}

// How much room text takes. There is no font to measure with: diagrams are set in a monospaced one, whose characters
// are 0.6 em wide or less in every common one.
import type { Size } from './box.ts'
import type { ChartTransition } from './chart.ts'
import { visibleText } from './visible-text.ts'

/** All sizes are in px. */
export const nameSize = 14
const eventSize = 12
const detailSize = 10.5

const eventHeight = 16
const detailHeight = 14
const gapHeight = 6
/** As far as the longest event names go. */
const longestDetail = 145

/** A line of a text block. `y` is its baseline, counted from the top of the block. */
export interface BlockLine {
  readonly text: string
  readonly y: number
}

/** One transition as text. */
export interface BlockEntry {
  readonly transition: ChartTransition
  readonly event: BlockLine
  /** Guard and effects, `[isCurrent] / settle`: on one line, or on one each when that would be too long. */
  readonly details: readonly BlockLine[]
}

/** Transitions set one below the other. */
export interface TextBlock extends Size {
  readonly entries: readonly BlockEntry[]
}

export function textBlock(transitions: readonly ChartTransition[]): TextBlock {
  const entries: BlockEntry[] = []
  let width = 0
  let height = 0
  for (const transition of transitions) {
    if (height > 0) height += gapHeight
    const event = { text: visibleText(transition.event), y: height + 12 }
    width = Math.max(width, textWidth(event.text, eventSize))
    height += eventHeight
    const details: BlockLine[] = []
    for (const text of detailsOf(transition)) {
      details.push({ text, y: height + 10 })
      width = Math.max(width, textWidth(text, detailSize))
      height += detailHeight
    }
    entries.push({ transition, event, details })
  }
  return { width, height, entries }
}

function detailsOf({ guard, effects }: ChartTransition): readonly string[] {
  const details: string[] = []
  if (guard !== null) details.push(`[${visibleText(guard)}]`)
  if (effects.length > 0) details.push(`/ ${effects.map(visibleText).join(', ')}`)
  const oneLine = details.join(' ')
  return textWidth(oneLine, detailSize) <= longestDetail && details.length > 0 ? [oneLine] : details
}

/** The most that a line of text takes, in px. */
export function textWidth(text: string, fontSize: number): number {
  let width = 0
  for (const character of text) width += isWide(character) ? 1 : 0.602
  return Math.ceil(width * fontSize)
}

/** From Hangul on, most characters are as wide as they are high; taken too wide, the others only get more room. */
function isWide(character: string): boolean {
  return (character.codePointAt(0) ?? 0) >= 0x1100
}

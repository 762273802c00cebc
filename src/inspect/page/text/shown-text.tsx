import { visibleText } from '../../../diagram/visible-text.ts'

export interface ShownTextProps {
  readonly text: string
  /** How many characters at most. @default 200 */
  readonly max?: number
}

/** Text from a log: nothing in it can turn the writing around, hide, or fill the page. */
export function ShownText({ text, max = 200 }: ShownTextProps) {
  return <bdi>{shownText(text, max)}</bdi>
}

function shownText(text: string, max = 200): string {
  return text.length > max ? `${visibleText(text.slice(0, max))}…` : visibleText(text)
}

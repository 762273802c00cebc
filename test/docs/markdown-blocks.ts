import { readFileSync } from 'node:fs'

/** A fenced code block of a page. */
export interface MarkdownBlock {
  /** The first word after the fence, `ts`; empty for none. */
  readonly language: string
  /** The words after it: `ts continues` has one. */
  readonly marks: readonly string[]
  readonly text: string
  /** Where the fence opens, from 1. */
  readonly line: number
}

/** The fenced code blocks of a page, in order. A fence is three backticks at the start of a line. */
export function markdownBlocks(markdown: string): MarkdownBlock[] {
  const blocks: MarkdownBlock[] = []
  let open: { language: string; marks: string[]; lines: string[]; line: number } | null = null
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open === null) {
      if (!line.startsWith('```')) continue
      const [language = '', ...marks] = line.slice(3).trim().split(/\s+/)
      open = { language, marks, lines: [], line: index + 1 }
    } else if (line.startsWith('```')) {
      blocks.push({ language: open.language, marks: open.marks, text: open.lines.join('\n'), line: open.line })
      open = null
    } else {
      open.lines.push(line)
    }
  }
  if (open !== null) throw new Error(`the block that opens in line ${open.line} is never closed`)
  return blocks
}

/** The rows of the first table under a heading, without its head: the cells as written. */
export function markdownTable(markdown: string, heading: string): string[][] {
  const rows = sectionUnder(markdown, heading).split('\n')
  const first = rows.findIndex((line) => line.startsWith('|'))
  if (first === -1) throw new Error(`there is no table under "${heading}"`)
  const end = rows.findIndex((line, index) => index > first && !line.startsWith('|'))
  return rows.slice(first + 2, end === -1 ? undefined : end).map(cellsOf)
}

/** What stands under a heading, up to the next heading of its level or a higher one. */
export function sectionUnder(markdown: string, heading: string): string {
  const lines = markdown.split('\n')
  const first = lines.findIndex((line) => /^#+ /.test(line) && headingText(line) === heading)
  if (first === -1) throw new Error(`there is no heading "${heading}"`)
  const level = /^#+/.exec(lines[first]!)![0].length
  const end = lines.findIndex((line, index) => index > first && (/^(#+) /.exec(line)?.[1]?.length ?? 9) <= level)
  return lines.slice(first + 1, end === -1 ? undefined : end).join('\n')
}

/** The headings of a page, in order, as plain text. Blocks are passed over. */
export function headings(markdown: string): string[] {
  let inBlock = false
  return markdown.split('\n').flatMap((line) => {
    if (line.startsWith('```')) inBlock = !inBlock
    return !inBlock && /^#+ /.test(line) ? [headingText(line)] : []
  })
}

/** A page of the repository, by its path from the root. */
export function readPage(path: string): string {
  return readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8')
}

function headingText(line: string): string {
  return line.replace(/^#+ /, '').replaceAll('`', '').trim()
}

/** A pipe inside a cell is written `\|`. */
function cellsOf(row: string): string[] {
  return row
    .split(/(?<!\\)\|/)
    .slice(1, -1)
    .map((cell) => cell.trim().replaceAll('\\|', '|'))
}

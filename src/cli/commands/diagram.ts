// `hookline diagram`: a statechart as a drawing.
import { writeFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { Argument, Option } from 'commander'
import { diagramFormats, diagramNames, drawDiagram } from '../../diagram/draw-diagram.ts'
import type { DiagramFormat, DiagramName } from '../../diagram/draw-diagram.ts'
import type { AddCommand } from '../program.ts'

interface DiagramOptions {
  readonly format?: DiagramFormat
  readonly out?: string
}

const formatByEnding: Readonly<Partial<Record<string, DiagramFormat>>> = {
  '.svg': 'svg',
  '.dot': 'dot',
  '.gv': 'dot',
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
}

const examples = `
Examples:
  hookline diagram delivery                      states and the ways between them, for a terminal
  hookline diagram delivery --out delivery.svg   a drawing for a browser, light and dark
  hookline diagram breaker --format mermaid      for a page in Markdown
  hookline diagram sequencer --format dot | dot -Tpng > sequencer.png`

export const addDiagram: AddCommand = (program, terminal) => {
  program
    .command('diagram')
    .description('Draw a statechart: of an event, its line, an endpoint or its breaker.')
    .addArgument(new Argument('<statechart>', 'which to draw').choices(diagramNames))
    .addOption(
      new Option('--format <format>', 'how to draw it (default: by the ending of --out, else ascii)').choices(
        diagramFormats,
      ),
    )
    .option('--out <file>', 'write it to a file')
    .addHelpText('after', examples)
    .action(async (name: DiagramName, { format, out }: DiagramOptions) => {
      const ending = out === undefined ? '' : extname(out).toLowerCase()
      const drawing = drawDiagram(name, format ?? formatByEnding[ending] ?? 'ascii')
      if (out === undefined) terminal.print(drawing)
      else await writeFile(out, `${drawing}\n`)
    })
}

import { expect, test } from 'vitest'
import { diagramNames, drawDiagram } from '../../src/diagram/draw-diagram.ts'
import { toDot } from '../../src/diagram/dot.ts'
import { doorChart } from './door-chart.ts'
import { hostileChart } from './hostile-chart.ts'
import { allElements, readXml } from './xml-reading.ts'

test('draws one arrow for all ways between two states, and what leaves nothing inside the state', () => {
  const lines = toDot(doorChart).split('\n')
  expect(lines.slice(-6)).toEqual([
    '  shut [label=<shut<BR/><FONT FACE="Helvetica" POINT-SIZE="10">&#160;open [else] <FONT POINT-SIZE="9">/ rattle</FONT><BR ALIGN="LEFT"/></FONT>>]',
    '  ajar [label=<ajar>]',
    '  start_point -> shut',
    '  shut -> ajar [label=<&#160;open [isUnlocked] <FONT POINT-SIZE="9">/ creak, ring</FONT><BR ALIGN="LEFT"/>&#160;kick<BR ALIGN="LEFT"/>>]',
    '  ajar -> shut [label=<&#160;shut<BR ALIGN="LEFT"/>>]',
    '}',
  ])
})

const drawings: [string, string][] = [
  ...diagramNames.map((name): [string, string] => [name, drawDiagram(name, 'dot')]),
  ['hostile names', toDot(hostileChart())],
]

test.each(drawings)('is a graph of statements that Graphviz takes: %s', (_, dot) => {
  const statement = /^ {2}(?:(?:graph|node|edge|[A-Za-z]\w*|\w+ -> \w+) \[(.*)\]|\w+ -> \w+)$/u
  const [first, ...lines] = dot.split('\n')
  expect([first, lines.pop()]).toEqual(['digraph {', '}'])
  for (const line of lines) {
    expect(line).toMatch(statement)
    const label = /label=<(.*)>[\],]/.exec(line)?.[1] ?? ''
    // Its HTML is XML, of these elements alone.
    const names = allElements(readXml(`<label>${label}</label>`)).map(({ name }) => name)
    expect(names.filter((name) => !['label', 'BR', 'FONT'].includes(name))).toEqual([])
  }
})

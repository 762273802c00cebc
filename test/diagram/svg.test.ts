import { describe, expect, test } from 'vitest'
import { diagramNames, drawDiagram } from '../../src/diagram/draw-diagram.ts'
import { diagramStyle } from '../../src/diagram/svg-style.ts'
import { toSvg } from '../../src/diagram/svg.ts'
import { visibleText } from '../../src/diagram/visible-text.ts'
import { doorChart } from './door-chart.ts'
import { hostileChart, hostileNames } from './hostile-chart.ts'
import { allElements, readXml } from './xml-reading.ts'
import type { XmlElement } from './xml-reading.ts'

const drawings: [string, string][] = [
  ...diagramNames.map((name): [string, string] => [name, drawDiagram(name, 'svg')]),
  ['hostile names', toSvg(hostileChart())],
  ['hostile names, embedded', toSvg(hostileChart(), { embedded: true })],
]

describe.each(drawings)('the SVG of %s', (_, svg) => {
  const elements = allElements(readXml(svg))

  test('holds only shapes, text and what describes them', () => {
    const allowed = ['svg', 'title', 'desc', 'style', 'g', 'rect', 'path', 'line', 'circle', 'text']
    expect(elements.map(({ name }) => name).filter((name) => !allowed.includes(name))).toEqual([])
  })

  test('refers to nothing, runs nothing, and has no id that could meet another in a page', () => {
    const attributes = elements.flatMap((element) => Object.entries(element.attributes))
    expect(attributes.filter(([name]) => /^(on.*|id|style|href|src|.*:href)$/i.test(name))).toEqual([])
    const styles = elements.filter(({ name }) => name === 'style')
    expect(styles.filter(({ text }) => /url\(|@import|@font-face/.test(text))).toEqual([])
  })

  test('is an image with a name and a description in words', () => {
    const [root] = elements
    const [title, desc] = root!.children
    expect(root!.attributes).toMatchObject({ role: 'img', 'aria-label': title!.text })
    expect([title!.name, desc!.name]).toEqual(['title', 'desc'])
    expect(title!.text).toMatch(/^The statechart ./)
    expect(desc!.text).toMatch(/^It starts in .+ leads to /)
  })
})

test('names each state and each transition for whoever wants to light it up', () => {
  const elements = allElements(readXml(toSvg(doorChart)))
  expect(named(elements, 'state')).toEqual([{ 'data-state': 'shut', 'data-tags': 'settled' }, { 'data-state': 'ajar' }])
  expect(named(elements, 'arrow')).toEqual([
    {},
    { 'data-from': 'shut', 'data-to': 'ajar' },
    { 'data-from': 'ajar', 'data-to': 'shut' },
  ])
  expect(named(elements, 'transition')).toEqual([
    { 'data-from': 'shut', 'data-to': 'ajar', 'data-event': 'open', 'data-guard': 'isUnlocked' },
    { 'data-from': 'shut', 'data-to': 'ajar', 'data-event': 'kick' },
    { 'data-from': 'ajar', 'data-to': 'shut', 'data-event': 'shut' },
    { 'data-from': 'shut', 'data-to': 'shut', 'data-event': 'open', 'data-guard': 'else' },
  ])
})

test('holds a transition in its arrow, and one that leaves nothing in its state', () => {
  const elements = allElements(readXml(toSvg(doorChart)))
  const holding = (kind: string): unknown[] =>
    elements
      .filter(({ attributes }) => attributes['class'] === kind)
      .map(({ children }) => children.filter((child) => child.attributes['class'] === 'transition').length)
  expect(holding('arrow')).toEqual([0, 2, 1])
  expect(holding('state')).toEqual([1, 0])
})

test('shows every hostile name as text', () => {
  const texts = allElements(readXml(toSvg(hostileChart()))).filter(({ name }) => name === 'text')
  const shown = new Set(texts.map(({ text }) => text))
  expect(hostileNames.filter((name) => !shown.has(visibleText(name)))).toEqual([])
})

test('brings its style and its background, unless a page brings them', () => {
  const names = (svg: string): string[] => readXml(svg).children.map(({ name }) => name)
  expect(names(toSvg(doorChart)).slice(2, 4)).toEqual(['style', 'rect'])
  expect(names(toSvg(doorChart, { embedded: true })).slice(2)).not.toContain('style')
  expect(toSvg(doorChart, { embedded: true })).not.toContain('background')
})

test('has a rule of style for every class it uses', () => {
  const used = allElements(readXml(toSvg(doorChart))).flatMap(({ attributes }) => attributes['class'] ?? [])
  // What is only told apart by it.
  const unstyled = ['diagram', 'state', 'arrow', 'transition', 'background']
  expect([...new Set(used)].filter((name) => !unstyled.includes(name) && !diagramStyle.includes(`.${name} `))).toEqual(
    [],
  )
})

function named(elements: readonly XmlElement[], kind: string): unknown[] {
  return elements
    .filter(({ attributes }) => attributes['class'] === kind)
    .map(({ attributes }) =>
      Object.fromEntries(Object.entries(attributes).filter(([name]) => name.startsWith('data-'))),
    )
}

import { useEffect, useRef, useState } from 'preact/hooks'
import type { RecordView } from '../../view/record-view.ts'
import { loadChart } from './load-chart.ts'
import { formatSteps, pathTaken } from './path-taken.ts'
import type { TakenStep } from './path-taken.ts'

export interface StatechartProps {
  /** `delivery`, `endpoint` or `breaker`. */
  readonly machine: string
  readonly current: string
  readonly records: readonly Pick<RecordView, 'from' | 'to' | 'type'>[]
}

const svgNamespace = 'http://www.w3.org/2000/svg'

/** A statechart with its current state lit, and the way there numbered. */
export function Statechart({ machine, current, records }: StatechartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [chart, setChart] = useState<SVGSVGElement | null>(null)
  useEffect(() => {
    let wanted = true
    loadChart(machine).then(
      (loaded) => {
        if (wanted) setChart(loaded)
      },
      () => undefined, // the place stays empty; the page tells of a lost connection
    )
    return () => {
      wanted = false
    }
  }, [machine])
  useEffect(() => {
    if (chart !== null) place.current?.replaceChildren(chart)
  }, [chart])
  useEffect(() => {
    if (chart !== null) light(chart, current, pathTaken(records))
  }, [chart, current, records])
  return <div class="statechart" ref={place} data-machine={machine} data-current={current} />
}

function light(chart: SVGSVGElement, current: string, path: readonly TakenStep[]): void {
  for (const lit of chart.querySelectorAll('.current, .visited, .taken')) {
    lit.classList.remove('current', 'visited', 'taken', 'last')
  }
  for (const number of chart.querySelectorAll('.steps')) number.remove()
  const lastStep = Math.max(0, ...path.flatMap(({ steps }) => steps))
  for (const { from, to, event, steps } of path) {
    for (const name of [from, to]) findState(chart, name)?.classList.add('visited')
    const transition = findTransition(chart, from, to, event)
    const arrow = transition?.closest('.arrow')
    transition?.classList.add('taken')
    arrow?.classList.add('taken')
    if (steps.includes(lastStep)) arrow?.classList.add('last')
    // Last in the drawing: nothing may lie on it.
    if (transition) chart.append(numberOf(transition, formatSteps(steps)))
  }
  findState(chart, current)?.classList.add('current')
}

function findState(chart: SVGSVGElement, name: string): Element | null {
  return chart.querySelector(`.state[data-state="${CSS.escape(name)}"]`)
}

function findTransition(chart: SVGSVGElement, from: string, to: string, event: string): Element | null {
  const names = `[data-from="${CSS.escape(from)}"][data-to="${CSS.escape(to)}"][data-event="${CSS.escape(event)}"]`
  return chart.querySelector(`.transition${names}`)
}

/** Which steps of the way this transition was, above its name. */
function numberOf(transition: Element, text: string): Element {
  const name = transition.querySelector('.event')
  const [x, y] = [Number(name?.getAttribute('x') ?? 0), Number(name?.getAttribute('y') ?? 0)]
  const width = text.length * 6.2 + 9
  const group = document.createElementNS(svgNamespace, 'g')
  group.setAttribute('class', 'steps')
  const plate = document.createElementNS(svgNamespace, 'rect')
  const number = document.createElementNS(svgNamespace, 'text')
  const attributes = { x: x - 3, y: y - 28, width, height: 15, rx: 7.5 }
  for (const [attribute, value] of Object.entries(attributes)) plate.setAttribute(attribute, String(value))
  number.setAttribute('x', String(x - 3 + width / 2))
  number.setAttribute('y', String(y - 17))
  number.textContent = text
  group.append(plate, number)
  return group
}

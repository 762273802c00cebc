// What hookline's defences cost a delivery over a kept-alive connection: the egress guard, a connection of its own for each
// endpoint, and what watches over it. The same service with a bare pool of undici's in place of its transport is the floor.
import type { Cost } from '../contestants/order.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { ratioOf, spreadOf } from '../measure/statistics.ts'
import { micros, ratio, whole } from '../report/figures.ts'
import { connections, cpuPerDelivery, deliveriesPerSecond, settingsFor } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

const described = {
  'hookline-guarded': 'hookline, private networks denied',
  'hookline-bare': 'hookline over a bare, shared undici pool',
} as const
type Guarded = keyof typeof described

interface Entrant {
  readonly name: Guarded
  readonly process: ContestantProcess
  readonly costs: Cost[]
}

export async function priceGuard(surroundings: Surroundings): Promise<Findings> {
  const { plan, progress } = surroundings
  const { rounds, deliveries, warmUp } = plan.guard
  const [guarded, bare] = [await enter(surroundings, 'hookline-guarded'), await enter(surroundings, 'hookline-bare')]
  const entrants = [guarded, bare]
  for (const { name, process } of entrants) {
    progress(`${described[name]}: warming up`)
    await process.order({ type: 'deliver', count: warmUp })
  }
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`)
    // By turns first and second, A B B A: a difference of a few percent must not be that of the places.
    const inTurn = round % 2 === 1 ? entrants : [bare, guarded]
    for (const { process, costs } of inTurn) costs.push(await process.order({ type: 'deliver', count: deliveries }))
  }
  for (const { process } of entrants) await process.stop()
  return report(guarded, bare)
}

async function enter(surroundings: Surroundings, name: Guarded): Promise<Entrant> {
  const { processes, programs } = surroundings
  const process = await ContestantProcess.start(processes, programs.contestant, settingsFor(surroundings, name))
  return { name, process, costs: [] }
}

function report(guarded: Entrant, bare: Entrant): Findings {
  const floor = bare.costs.map(cpuPerDelivery)
  const price = ratio(ratioOf(guarded.costs.map(cpuPerDelivery), floor))
  const rows = [guarded, bare].map(({ name, costs }) => [
    described[name],
    whole(spreadOf(costs.map(deliveriesPerSecond)).median),
    micros(spreadOf(costs.map(cpuPerDelivery))),
    name === 'hookline-guarded' ? price : '',
  ])
  return {
    title: `What the guard and a connection for each endpoint cost: ${connections} endpoints at one origin, kept alive`,
    table: { head: ['', 'deliveries/s', 'CPU µs each', '/ the bare pool'], rows },
    notes: [],
    wanted: [{ what: 'cost of a delivery, guarded / over a bare pool', wanted: 'at most 1.10', reached: price }],
    data: [guarded, bare].map(({ name, costs }) => ({ name, rounds: costs })),
  }
}

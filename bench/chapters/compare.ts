// hookline beside the floor and beside the usual recipe: who needs how much of a core for one delivery.
import { resolve } from 'node:path'
import type { Cost } from '../contestants/order.ts'
import type { Compared } from '../flags.ts'
import { ContestantProcess } from '../measure/contestant-process.ts'
import { ratioOf, spreadOf } from '../measure/statistics.ts'
import { micros, ratio, whole } from '../report/figures.ts'
import type { Wanted } from '../report/wanted.ts'
import { connections, cpuPerDelivery, deliveriesPerSecond, settingsFor, window } from './chapter.ts'
import type { Findings, Surroundings } from './chapter.ts'

const described: Readonly<Record<Compared, string>> = {
  hookline: 'hookline',
  undici: 'undici alone',
  'bullmq-undici': 'BullMQ + undici',
  'bullmq-axios': 'BullMQ + axios',
}

interface Entrant {
  readonly name: Compared
  readonly process: ContestantProcess
  readonly costs: Cost[]
}

export async function compare(surroundings: Surroundings): Promise<Findings> {
  const { plan, flags, receiver, progress } = surroundings
  const { rounds, deliveries, warmUp } = plan.compare
  const notes: string[] = []
  const entrants = await enter(surroundings, notes)
  for (const { name, process } of entrants) {
    progress(`${described[name]}: warming up`)
    await process.order({ type: 'deliver', count: Math.min(warmUp, deliveries[name]) })
  }
  const profiled = flags.profile ? entrants.find(({ name }) => name === 'hookline') : undefined
  await profiled?.process.order({ type: 'profile' })
  for (let round = 1; round <= rounds; round += 1) {
    progress(`round ${round} of ${rounds}`)
    for (const { name, process, costs } of entrants) {
      const before = await receiver.counts()
      costs.push(await process.order({ type: 'deliver', count: deliveries[name] }))
      const arrived = (await receiver.counts()).requests - before.requests
      if (arrived !== deliveries[name] && !Number.isNaN(arrived)) {
        notes.push(`round ${round}: ${described[name]} sent ${arrived} requests for ${deliveries[name]} deliveries`)
      }
    }
  }
  if (profiled !== undefined) {
    const file = resolve('hookline.cpuprofile')
    await profiled.process.order({ type: 'writeProfile', file })
    notes.push(`profile of hookline: ${file}`)
  }
  for (const { process } of entrants) await process.stop()
  return report(entrants, notes)
}

async function enter(surroundings: Surroundings, notes: string[]): Promise<Entrant[]> {
  const { processes, programs, flags } = surroundings
  const entrants: Entrant[] = []
  for (const name of flags.contestants) {
    try {
      const process = await ContestantProcess.start(processes, programs.contestant, settingsFor(surroundings, name))
      entrants.push({ name, process, costs: [] })
    } catch (error) {
      const [reason = ''] = String(error)
        .replace(/^(?:Error: )+/, '')
        .split('\n')
      notes.push(`${described[name]} was left out. ${reason}`)
    }
  }
  return entrants
}

function report(entrants: readonly Entrant[], notes: readonly string[]): Findings {
  const cpu = (name: Compared): readonly number[] | null =>
    entrants.find((entrant) => entrant.name === name)?.costs.map(cpuPerDelivery) ?? null
  const floor = cpu('undici')
  const rows = entrants.map(({ name, costs }) => {
    const own = costs.map(cpuPerDelivery)
    return [
      described[name],
      whole(spreadOf(costs.map(deliveriesPerSecond)).median),
      micros(spreadOf(own)),
      floor === null ? '' : ratio(ratioOf(floor, own)),
    ]
  })
  return {
    title: `One delivery: ${connections} endpoints, ${connections} connections, at most ${whole(window)} events pending`,
    table: { head: ['', 'deliveries/s', 'CPU µs each', 'CPU of undici alone / its own'], rows },
    notes,
    wanted: wantedOf(cpu('hookline'), floor, cpu('bullmq-axios')),
    data: entrants.map(({ name, costs }) => ({ name, rounds: costs })),
  }
}

function wantedOf(
  own: readonly number[] | null,
  floor: readonly number[] | null,
  recipe: readonly number[] | null,
): readonly Wanted[] {
  if (own === null) return []
  const wanted: Wanted[] = []
  if (floor !== null) {
    wanted.push({
      what: 'of the speed of undici alone',
      wanted: 'at least 0.35 (goal 0.5)',
      reached: ratio(ratioOf(floor, own)),
    })
  }
  if (recipe !== null) {
    wanted.push({
      what: 'times the speed of BullMQ + axios',
      wanted: 'at least 5',
      reached: ratio(ratioOf(recipe, own)),
    })
  }
  return wanted
}

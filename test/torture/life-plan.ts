import type { Dice } from '../soak/dice.ts'
import { isWithin, killPlaces, phaseOf, type KillPlace, type KillPoint } from './kill-point.ts'

/** How one life of the service is to end. */
export type LifePlan =
  /** So long after its process was started, or after it was ready. */
  | { readonly type: 'random'; readonly from: 'start' | 'ready'; readonly afterMs: number }
  | { readonly type: 'place'; readonly point: KillPoint }

/** Draws how lives end: each named place once in every round of them, and a moment at random after each. */
export function* drawLifePlans(dice: Dice): Generator<LifePlan, never> {
  // A file is migrated once: until one life has survived that, the next ones begin where it began.
  for (const place of killPlaces.filter(isMigration)) yield { type: 'place', point: drawPoint(dice, place) }
  for (;;) {
    const others = killPlaces.filter((place) => !isMigration(place))
    for (const place of shuffled(dice, others)) {
      yield { type: 'place', point: drawPoint(dice, place) }
      yield dice.chance(0.25)
        ? { type: 'random', from: 'start', afterMs: dice.between(0, 300) }
        : { type: 'random', from: 'ready', afterMs: dice.between(0, 600) }
    }
  }
}

function isMigration(place: KillPlace): boolean {
  return place.startsWith('migration')
}

function drawPoint(dice: Dice, place: KillPlace): KillPoint {
  const delayMicros = isWithin(place) ? dice.whole(0, 1_500) : 0
  return { place, passing: dice.whole(1, mostPassings(place)), delayMicros }
}

/** How often a life surely passes a place. */
function mostPassings(place: KillPlace): number {
  if (place === 'migration: a statement was run') return 4
  if (/^(migration|restart|shutdown|compaction|open: (before|after))/.test(place)) return 1
  if (/^(sweep|checkpoint|endpoint)/.test(place)) return 3
  return phaseOf(place) === 'start' ? 10 : 60
}

function shuffled<T>(dice: Dice, list: readonly T[]): T[] {
  return list
    .map((item) => ({ item, place: dice.between(0, 1) }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
}

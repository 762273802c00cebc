import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { matchesPattern } from '../../src/endpoint/event-type-pattern.ts'
import { Subscriptions } from '../../src/endpoint/subscriptions.ts'

describe('subscriptions', () => {
  test('give each item once, in registration order', () => {
    const subscriptions = new Subscriptions<string>()
    subscriptions.add('late', ['a.b'])
    subscriptions.add('any', ['*', 'a.*', 'a.b'])
    subscriptions.add('prefix', ['a.*'])
    expect(subscriptions.matching('a.b')).toEqual(['late', 'any', 'prefix'])
    expect(subscriptions.matching('a')).toEqual(['any'])
  })

  test('end pattern by pattern', () => {
    const subscriptions = new Subscriptions<string>()
    subscriptions.add('x', ['a', 'b'])
    subscriptions.remove('x', ['a', 'never added'])
    expect(subscriptions.matching('a')).toEqual([])
    expect(subscriptions.matching('b')).toEqual(['x'])
  })

  test('are forgotten with the last pattern, the place in line too', () => {
    const subscriptions = new Subscriptions<string>()
    subscriptions.add('x', ['a', 'a'])
    subscriptions.add('y', ['a'])
    subscriptions.remove('x', ['a'])
    subscriptions.add('x', ['a'])
    expect(subscriptions.matching('a')).toEqual(['y', 'x'])
  })

  test('keep the place in line when patterns are exchanged', () => {
    const subscriptions = new Subscriptions<string>()
    subscriptions.add('x', ['a'])
    subscriptions.add('y', ['*'])
    subscriptions.replace('x', ['a'], ['b.*', 'b.*'])
    expect(subscriptions.matching('a')).toEqual(['y'])
    expect(subscriptions.matching('b.c')).toEqual(['x', 'y'])
  })

  test('match as a scan of all items would, through any history', () => {
    const segment = fc.constantFrom('a', 'b', 'c')
    const eventType = fc.array(segment, { minLength: 1, maxLength: 4 }).map((segments) => segments.join('.'))
    const pattern = fc.oneof(
      eventType,
      fc.constant('*'),
      eventType.map((prefix) => `${prefix}.*`),
    )
    const change = fc.record({
      kind: fc.constantFrom('add', 'remove', 'replace'),
      item: fc.nat({ max: 5 }),
      patterns: fc.array(pattern, { maxLength: 4 }),
    })
    fc.assert(
      fc.property(fc.array(change, { maxLength: 30 }), eventType, (changes, published) => {
        const subscriptions = new Subscriptions<number>()
        // Insertion order of the model is registration order: an item leaves it with its last pattern.
        const model = new Map<number, Set<string>>()
        for (const { kind, item, patterns } of changes) {
          const held = model.get(item) ?? new Set<string>()
          if (kind === 'add') {
            subscriptions.add(item, patterns)
            for (const added of patterns) held.add(added)
          } else if (kind === 'remove') {
            subscriptions.remove(item, patterns)
            for (const removed of patterns) held.delete(removed)
          } else {
            subscriptions.replace(item, [...held], patterns)
            held.clear()
            for (const added of patterns) held.add(added)
          }
          if (held.size > 0) model.set(item, held)
          else model.delete(item)
        }
        const scanned = [...model].filter(([, held]) => [...held].some((one) => matchesPattern(one, published)))
        expect(subscriptions.matching(published)).toEqual(scanned.map(([item]) => item))
      }),
    )
  })
})

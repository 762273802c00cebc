import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatRoute, parseRoute } from '../../../src/inspect/page/route.ts'

test('reads back every address it writes', () => {
  const routes = fc.record({
    eventId: fc.option(fc.string({ minLength: 1, unit: 'binary' })),
    seq: fc.option(fc.nat()),
  })
  fc.assert(
    fc.property(routes, (route) => {
      expect(parseRoute(formatRoute(route))).toEqual(route)
    }),
  )
})

test.each([
  '',
  '#',
  '#/nonsense',
  '#/event/',
  '#/event/%E0%A4%A',
  '#/event/a@b',
  '#/event/a@1@2',
  '#/@99999999999999999999',
])('opens nothing for %j', (hash) => {
  expect(parseRoute(hash).eventId).toBeNull()
})

import { expect, test } from 'vitest'
import { layTracks } from '../../src/diagram/tracks.ts'

test('gives no track to a line that goes straight on', () => {
  const { count, trackOf } = layTracks([{ leftY: 10, rightY: 10 }])
  expect([count, trackOf.size]).toEqual([0, 0])
})

test('lets lines far from each other share a track', () => {
  expect(
    layTracks([
      { leftY: 0, rightY: 20 },
      { leftY: 100, rightY: 60 },
    ]).count,
  ).toBe(1)
})

test.each([
  ['first', true],
  ['last', false],
])('turns a line before another comes to the height it leaves, also when it is named %s', (_, isFirst) => {
  const leaves = { leftY: 50, rightY: 100 }
  const comes = { leftY: 0, rightY: 50 }
  const { count, trackOf } = layTracks(isFirst ? [leaves, comes] : [comes, leaves])
  expect([count, trackOf.get(leaves), trackOf.get(comes)]).toEqual([2, 0, 1])
})

test('turns nested lines so that they do not cross', () => {
  const outer = { leftY: 0, rightY: 100 }
  const inner = { leftY: 20, rightY: 120 }
  const { trackOf } = layTracks([outer, inner])
  expect([trackOf.get(outer), trackOf.get(inner)]).toEqual([1, 0])
})

import { expect, it } from 'vitest'
import { SystemNames } from '../../../src/transport/egress/system-names.ts'

/** The system's look-up, that answers only when told. */
function start() {
  const asked: string[] = []
  const answers: (() => void)[] = []
  const found: string[] = []
  const names = new SystemNames((hostname, _options, callback) => {
    asked.push(hostname)
    answers.push(() => callback(null, [{ address: '10.0.0.1' }]))
  })
  const find = (hostname: string) => names.find(hostname, () => found.push(hostname))
  return { asked, answers, found, find }
}

it('two names are looked up at a time, the others in the order in which they came', () => {
  const { asked, answers, found, find } = start()
  for (const name of ['a', 'b', 'c', 'd', 'e']) find(name)
  expect(asked).toEqual(['a', 'b'])
  answers[1]!()
  expect(asked).toEqual(['a', 'b', 'c'])
  answers[0]!()
  answers[2]!()
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'e'])
  expect(found).toEqual(['b', 'a', 'c'])
})

it('a name nobody waits for any more is not looked up', () => {
  const { asked, answers, find } = start()
  const leave = ['a', 'b', 'c', 'd'].map(find)[2]!
  leave()
  answers[0]!()
  expect(asked).toEqual(['a', 'b', 'd'])
})

it('one that does not come back keeps its place', () => {
  const { asked, answers, find } = start()
  const leave = find('hangs')
  for (const name of ['a', 'b', 'c']) find(name)
  leave()
  expect(asked).toEqual(['hangs', 'a'])
  answers[1]!()
  answers[2]!()
  expect(asked).toEqual(['hangs', 'a', 'b', 'c'])
})

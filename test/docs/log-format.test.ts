import { expect, test } from 'vitest'
import { markdownTable, readPage } from './markdown-blocks.ts'
import { propertiesOf, variantsOf } from './type-reading.ts'

const page = readPage('docs/log-format.md')

test('the log page has a row for every field of a record, in order', () => {
  const fields = markdownTable(page, 'A record').map(([field]) => codesIn(field)[0])
  expect(fields).toEqual(propertiesOf('src/log/transition.ts', 'Transition'))
})

test('the log page has a row for every type of event, with its fields', () => {
  const shown = markdownTable(page, 'Event types').map(([type, fields]) => [codesIn(type)[0], codesIn(fields).sort()])
  const submitted = propertiesOf('src/log/transition.ts', 'EventSubmitted').filter((name) => name !== 'type')
  const declared = [['event.submitted', submitted.sort()]]
  for (const [type, fields] of variantsOf('machines/delivery.ts', 'DeliveryEvent')) declared.push([type, fields.sort()])
  expect(shown).toEqual(declared)
})

test('the log page has a row for every type of event of an endpoint, with its fields', () => {
  const rows = markdownTable(page, "An endpoint's own records")
  const shown = rows.map(([type, fields]) => [codesIn(type)[0], codesIn(fields).sort()])
  const declared = [
    ...variantsOf('machines/endpoint.ts', 'EndpointEvent'),
    ...variantsOf('machines/breaker.ts', 'BreakerEvent'),
  ].map(([type, fields]) => [type, fields.sort()])
  expect(shown).toEqual(declared)
})

/** The code spans of a cell. */
function codesIn(cell = ''): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map(([, code]) => code!)
}

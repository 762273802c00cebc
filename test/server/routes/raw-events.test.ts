import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rawEventsOf } from '../../../src/server/routes/raw-events.ts'

const space = fc.constantFrom('', '', ' ', '\n', '\t', '\r\n', '  ')
const spaced = (text: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(space, text, space).map((parts) => parts.join(''))

/** A text's JSON, each letter plain or escaped. */
const written = (text: string): fc.Arbitrary<string> =>
  fc.array(fc.boolean(), { minLength: text.length, maxLength: text.length }).map((escaped) => {
    const letters = Array.from({ length: text.length }, (_, index) => {
      const code = text.charCodeAt(index)
      if (escaped[index] === true) return `\\u${code.toString(16).padStart(4, '0')}`
      return JSON.stringify(text.charAt(index)).slice(1, -1)
    })
    return `"${letters.join('')}"`
  })

const anyString = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('\\', '"', '\\"', '{', ']}', 'payload'))
const plain = fc.oneof(
  fc.constantFrom('null', 'true', 'false', '0', '-0.50e+3', '9007199254740993', '1E400', '[]', '{}', '""'),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  anyString.chain(written),
)
/** JSON as anyone may write it: any space, any escapes, names that stand twice. */
const { value } = fc.letrec<{ value: string; array: string; object: string; member: string }>((tie) => ({
  value: fc.oneof({ maxDepth: 4, depthSize: 'small' }, plain, tie('array'), tie('object')),
  array: fc.array(spaced(tie('value')), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
  member: fc.tuple(spaced(anyString.chain(written)), spaced(tie('value'))).map((pair) => pair.join(':')),
  object: fc.array(tie('member'), { maxLength: 4 }).map((members) => `{${members.join(',')}}`),
}))

const names = ['payload', 'eventType', 'endpointId', 'ein "Name"\\'] as const
interface WrittenEvent {
  readonly text: string
  readonly members: readonly { readonly name: string; readonly value: string }[]
}
const event: fc.Arbitrary<WrittenEvent> = fc
  .array(
    fc
      .constantFrom(...names)
      .chain((name) =>
        fc.record({ name: fc.constant(name), value, as: spaced(written(name)), around: fc.tuple(space, space) }),
      ),
    { maxLength: 6 },
  )
  .map((members) => {
    const texts = members.map(({ as, value, around: [before, after] }) => `${as}:${before}${value}${after}`)
    return { members, text: `{${texts.join(',')}}` }
  })

function expected({ members }: WrittenEvent): ReturnType<typeof rawEventsOf>[number] {
  const given = members.map(({ name }) => name)
  return {
    payloadText: members.filter(({ name }) => name === 'payload').at(-1)?.value ?? null,
    repeatedName: given.find((name, index) => given.indexOf(name) < index) ?? null,
  }
}

describe('the texts of payloads', () => {
  it('are those that were written, whatever stands around them', () => {
    fc.assert(
      fc.property(event, space, space, (written, before, after) => {
        const text = before + written.text + after
        expect(rawEventsOf(text)).toEqual([expected(written)])
        const parsed = JSON.parse(text) as Record<string, unknown>
        const { payloadText } = rawEventsOf(text)[0]!
        expect(payloadText === null ? undefined : JSON.parse(payloadText)).toEqual(parsed['payload'])
      }),
      { numRuns: 1000 },
    )
  })

  it('are found for each event of an array, and for nothing else in it', () => {
    const item = fc.oneof(event, plain)
    fc.assert(
      fc.property(fc.array(fc.tuple(space, item, space)), space, (items, inside) => {
        const texts = items.map(([before, it, after]) => before + (typeof it === 'string' ? it : it.text) + after)
        const none = { payloadText: null, repeatedName: null }
        const found = rawEventsOf(`[${items.length === 0 ? inside : ''}${texts.join(',')}]`)
        expect(found).toEqual(items.map(([, it]) => (typeof it === 'string' ? none : expected(it))))
      }),
      { numRuns: 1000 },
    )
  })

  it('are found in any JSON there is', () => {
    fc.assert(
      fc.property(spaced(value), (text) => {
        const parsed: unknown = JSON.parse(text)
        expect(rawEventsOf(text)).toHaveLength(Array.isArray(parsed) ? parsed.length : 1)
      }),
      { numRuns: 1000 },
    )
  })

  it.each([
    ['a number that no double holds', '9007199254740993'],
    ['names that stand twice', '{"a":1,"a":2,"payload":3}'],
    ['escapes', String.raw`"\u00e9\ud83d\ude00\/"`],
    ['white space inside', '{ "a" :\t[ 1 ,\n2 ] }'],
  ])('keep %s', (_, payload) => {
    expect(rawEventsOf(`{"eventType":"a", "payload" : ${payload} }`)).toEqual([
      { payloadText: payload, repeatedName: null },
    ])
  })

  it('are found under a name written with escapes', () => {
    expect(rawEventsOf(String.raw`{"payl\u006fad":1}`)).toEqual([{ payloadText: '1', repeatedName: null }])
    expect(rawEventsOf(String.raw`{"payload":1,"payl\u006fad":2}`)).toEqual([
      { payloadText: '2', repeatedName: 'payload' },
    ])
  })

  it('are found in time linear in the length, nested as deeply as they are long', () => {
    const deep = `${'['.repeat(500_000)}${']'.repeat(500_000)}`
    expect(rawEventsOf(`{"payload":${deep}}`)[0]?.payloadText).toBe(deep)
    const backslashes = `"${'\\'.repeat(1_000_000)}"`
    expect(rawEventsOf(`{"payload":${backslashes}}`)[0]?.payloadText).toBe(backslashes)
  })
})

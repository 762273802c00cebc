import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { rawJson } from '../../src/admission/raw-json.ts'
import { serializePayload } from '../../src/admission/serialize-payload.ts'
import { InvalidPayloadError } from '../../src/errors/errors.ts'

function refusal(text: unknown): string {
  try {
    rawJson(text as string) // what a caller without types would pass
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidPayloadError)
    return (error as InvalidPayloadError).message
  }
  throw new Error('it was taken')
}

describe('JSON text', () => {
  test.each(['9007199254740993', '{"a":1,"a":2}', ' [ 1.0 , 1e400 ]\n', '"\\u00e9é"', '{"__proto__":{"b":null}}'])(
    'is the payload as it is: %j',
    (text) => {
      expect(serializePayload(rawJson(text))).toBe(text)
    },
  )

  test('is taken whatever JSON it is', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(serializePayload(rawJson(text))).toBe(text)
      }),
    )
  })

  test.each(['', '{', '{"a":1,}', "{'a':1}", 'NaN', '1 2', '\ufeff{}'])('is refused when it is none: %j', (text) => {
    expect(refusal(text)).toBe(`rawJson: text must be JSON text, and its ${text.length} characters are none`)
  })

  test.each([[undefined], [{ a: 1 }], [Buffer.from('{}')]])('is refused when it is no text: %s', (value) => {
    expect(refusal(value)).toContain('rawJson: text must be JSON text, got ')
  })

  test('is refused with half of a surrogate pair, which has no bytes', () => {
    expect(refusal('"\ud800"')).toContain('half of a surrogate pair')
    expect(serializePayload(rawJson('"\ud83d\ude00\\ud800"'))).toBe('"\ud83d\ude00\\ud800"')
  })

  test('is refused when it is nested deeper than it could be written again', () => {
    const nested = (depth: number) => '[{"a":'.repeat(depth / 2) + '"[[\\"["' + '}]'.repeat(depth / 2)
    expect(serializePayload(rawJson(nested(1000)))).toBe(nested(1000))
    expect(refusal(nested(1002))).toBe('rawJson: text is nested more than 1000 deep')
    expect(refusal('['.repeat(500_000) + ']'.repeat(500_000))).toContain('nested')
    const long = JSON.stringify([']["'.repeat(5000), Array.from({ length: 5000 }, () => [{}])])
    expect(serializePayload(rawJson(long))).toBe(long)
  })

  test('shows nothing of itself when it is refused', () => {
    expect(refusal('{"card":"4111111111111111"')).not.toContain('4111')
  })

  test('is refused inside another payload, where it would be lost', () => {
    expect(() => serializePayload({ list: [rawJson('1')] })).toThrow(
      'payload.list[0] is of rawJson, which must be the whole',
    )
  })
})

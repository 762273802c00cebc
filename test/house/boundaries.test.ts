import { resolve } from 'node:path'
import { ESLint } from 'eslint'
import { describe, expect, test } from 'vitest'
import tseslint from 'typescript-eslint'

// Snippets are linted as files that do not exist, so the rules that need types are off: the house rules need none.
const eslint = new ESLint({
  overrideConfig: [
    { ...tseslint.configs.disableTypeChecked, files: ['**/*.ts'] },
    { rules: { '@typescript-eslint/no-unused-vars': 'off' } },
  ],
})

async function findings(file: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(code, { filePath: resolve(file) })
  return result!.messages.map(({ ruleId, message }) => `${String(ruleId)}: ${message}`)
}

const imports = '@typescript-eslint/no-restricted-imports'

/** File, code, the rule that refuses it, the words of its message that give the reason. */
const refused: [string, string, string, string][] = [
  ['machines/x.ts', `import { signBody } from '../src/signing/sign.ts'`, imports, 'runs live, in a replay'],
  ['machines/x.ts', `import { createHmac } from 'node:crypto'`, imports, 'runs live, in a replay'],
  ['machines/x.ts', `export const at = Date.now()`, 'no-restricted-properties', 'Time comes from the injected Clock'],
  ['machines/x.ts', `export const m = { after: { 1000: 'b' } }`, 'no-restricted-syntax', 'do not survive a restore'],
  ['machines/x.ts', `export const m = { invoke: { src: 'post' } }`, 'no-restricted-syntax', 'do not survive a restore'],
  ['machines/x.ts', `export const m = { done: { type: 'final' } }`, 'no-restricted-syntax', 'redeliver must leave it'],
  ['src/lane/x.ts', `import { a } from '../testing/virtual-clock.ts'`, imports, 'The core imports no sub-path'],
  ['src/index.ts', `export * from './sqlite/index.ts'`, imports, 'The core imports no sub-path'],
  ...['inspect', 'recorded', 'diagram', 'what-if', 'cli'].map((subPath): [string, string, string, string] => [
    'src/replay/x.ts',
    `import { a } from '../${subPath}/a.ts'`,
    imports,
    'The core imports no sub-path',
  ]),
  ...['inspect/page', 'recorded', 'diagram', 'what-if', 'cli/commands'].map(
    (folder): [string, string, string, string] => [
      `src/${folder}/x.ts`,
      `import { a } from '${'../'.repeat(folder.split('/').length + 1)}scripts/a.ts'`,
      imports,
      'the package would lack it',
    ],
  ),
  ['src/lane/x.ts', `import { a } from '../../test/a.ts'`, imports, 'the package would lack it'],
  ['src/testing/x.ts', `import { a } from '../../bench/a.ts'`, imports, 'the package would lack it'],
  ['src/verify/x.ts', `import { a } from '../lane/lane.ts'`, imports, 'without the delivery engine'],
  ['src/verify/x.ts', `import { request } from 'undici'`, imports, 'without the delivery engine'],
  ['src/lane/x.ts', `import { nanoid } from 'nanoid'`, imports, 'Ids come from the injected Ids'],
  ['src/lane/x.ts', `import { randomUUID } from 'node:crypto'`, imports, 'Ids come from the injected Ids'],
  ['src/lane/x.ts', `import { setTimeout } from 'node:timers/promises'`, imports, 'Time comes from the injected Clock'],
  ['src/lane/x.ts', `import { performance } from 'node:perf_hooks'`, imports, 'Time comes from the injected Clock'],
  ['src/lane/x.ts', `setTimeout(() => {}, 1)`, 'no-restricted-globals', 'Time comes from the injected Clock'],
  ['src/lane/x.ts', `setInterval(() => {}, 1)`, 'no-restricted-globals', 'Time comes from the injected Clock'],
  ['src/lane/x.ts', `setImmediate(() => {})`, 'no-restricted-globals', 'Time comes from the injected Clock'],
  [
    'src/lane/x.ts',
    `export const at = performance.now()`,
    'no-restricted-globals',
    'Time comes from the injected Clock',
  ],
  ['src/lane/x.ts', `export const at = Date.now()`, 'no-restricted-properties', 'Time comes from the injected Clock'],
  ['src/lane/x.ts', `export const at = new Date()`, 'no-restricted-syntax', 'Time comes from the injected Clock'],
  [
    'src/lane/x.ts',
    `export const a = Math.random()`,
    'no-restricted-properties',
    'Chance comes from the injected Random',
  ],
  [
    'src/lane/x.ts',
    `export const a = crypto.randomUUID()`,
    'no-restricted-properties',
    'Ids come from the injected Ids',
  ],
  ['src/lane/x.ts', `export default 1`, 'no-restricted-syntax', 'Export by name'],
  ['test/x.test.ts', `vi.mock('./a.ts')`, 'no-restricted-properties', 'Inject a port instead'],
  ['test/x.test.ts', `vi.useFakeTimers()`, 'no-restricted-properties', 'Inject a port instead'],
]

const allowed: [string, string][] = [
  ['machines/x.ts', `import { setup } from 'xstate'\nimport { deliveryMachine } from './delivery.ts'`],
  ['machines/x.ts', `import type { Failure } from '../src/attempt/failure.ts'`],
  ['src/lane/x.ts', `import { a } from '../../machines/delivery.ts'\nimport { createHmac } from 'node:crypto'`],
  ['src/lane/x.ts', `export const at = new Date(0).toISOString()`],
  ['src/verify/x.ts', `import { a } from '../signing/sign.ts'\nimport { timingSafeEqual } from 'node:crypto'`],
  ['src/clock/x.ts', `export const now = () => Date.now()\nsetTimeout(now, 1)`],
  ['src/random/x.ts', `export const random = () => Math.random()`],
  ['src/ids/x.ts', `import { nanoid } from 'nanoid'`],
  ['src/testing/x.ts', `import { a } from '../service.ts'\nsetImmediate(() => {})`],
  ['src/inspect/view/x.ts', `import { a } from '../../recorded/a.ts'\nimport { b } from '../../explain/b.ts'`],
  ['src/cli/x.ts', `import { a } from '../diagram/a.ts'\nimport { b } from '../what-if/b.ts'`],
  ['src/what-if/x.ts', `import { a } from '../testing/a.ts'\nimport { b } from '../recorded/b.ts'`],
]

describe('the house rules', () => {
  test.each(refused)('refuse, in %s: %s', async (file, code, rule, reason) => {
    const found = await findings(file, code)
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(rule)
    expect(found[0]).toContain(reason)
  })

  test.each(allowed)('allow, in %s: %s', async (file, code) => {
    expect(await findings(file, code)).toEqual([])
  })

  test.each([
    ['max-lines', 'export const a = 1\n'.repeat(301)],
    ['max-lines-per-function', `export function a() {\n${'b()\n'.repeat(80)}}\n`],
    ['@typescript-eslint/no-explicit-any', 'export let a: any'],
  ])('hold what is shipped to %s', async (rule, code) => {
    expect((await findings('src/lane/x.ts', code)).some((found) => found.startsWith(rule))).toBe(true)
  })

  test.each([
    ['vitest/no-focused-tests', `test.only('a', () => { expect(1).toBe(1) })`],
    ['vitest/no-disabled-tests', `test.skip('a', () => { expect(1).toBe(1) })`],
    ['vitest/expect-expect', `test('a', () => {})`],
    ['vitest/valid-expect', `test('a', () => { expect(1) })`],
  ])('hold tests to %s', async (rule, code) => {
    const found = await findings('test/x.test.ts', `import { expect, test } from 'vitest'\n${code}`)
    expect(found.map((text) => text.split(':')[0])).toContain(rule)
  })
})

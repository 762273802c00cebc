import { Script } from 'node:vm'
import { DCLinter } from 'dclint'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { version } from '../../src/version.ts'
import { deployFile, deployPath, unknownFlags } from './deploy-file.ts'

interface ComposeService {
  readonly image: string
  readonly command?: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly ports: readonly string[]
  readonly healthcheck?: { readonly test: readonly string[] }
}

const compose = parse(deployFile('compose.yaml')) as { services: Record<string, ComposeService> }
const { hookline, receiver } = compose.services as Record<'hookline' | 'receiver', ComposeService>

test('is without fault to its linter, schema included', () => {
  // The receiver runs the image that is built for the service: it must have a name.
  const rules = { 'no-build-and-image': 0 as const }
  const linter = new DCLinter({ rules, quiet: true, debug: false, exclude: [] })
  expect(linter.lintFiles([deployPath('compose.yaml')], false).flatMap(({ messages }) => messages)).toEqual([])
})

test('runs this version, and commands with flags that there are', async () => {
  for (const { image } of [hookline, receiver]) expect(image).toBe(`hookline:${version}`)
  expect(await unknownFlags(receiver.command!)).toEqual([])
})

test('gives to the machine what is listened on, and lets the service call the receiver', () => {
  expect(hookline.ports).toEqual(['127.0.0.1:3080:3080'])
  const port = receiver.command![receiver.command!.indexOf('--port') + 1]!
  expect(receiver.ports).toEqual([`127.0.0.1:${port}:${port}`])
  expect(receiver.healthcheck!.test.at(-1)).toContain(`127.0.0.1:${port}/stats`)
  expect(() => new Script(receiver.healthcheck!.test.at(-1)!)).not.toThrow()
  expect(hookline.environment['HOOKLINE_EGRESS_ALLOW']).toBe('receiver')
})

import { existsSync, readFileSync } from 'node:fs'
import { Script } from 'node:vm'
import { validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'
import { deployFile } from './deploy-file.ts'

const dockerfile = deployFile('Dockerfile')
const instructions = dockerfile
  .replaceAll(/^#.*\n/gm, '')
  .replaceAll(/\\\n\s*/g, '')
  .split('\n')
  .filter((line) => line !== '')
const stageStarts = instructions.flatMap((line, index) => (line.startsWith('FROM ') ? [index] : []))
const lastStage = instructions.slice(stageStarts.at(-1))
const manifest = JSON.parse(readFileSync('package.json', 'utf8')) as {
  bin: { hookline: string }
}

/** What an instruction of the last stage says, without its name. */
function lastOf(instruction: string): string {
  const line = lastStage.filter((one) => one.startsWith(`${instruction} `)).at(-1)
  if (line === undefined) throw new Error(`the last stage has no ${instruction}`)
  return line.slice(instruction.length + 1)
}

test('is without fault to its linter', () => {
  expect(validate(dockerfile)).toEqual([])
})

test('runs the program of the package, as nobody in particular, and without a shell', () => {
  const folder = lastOf('WORKDIR')
  expect(JSON.parse(lastOf('ENTRYPOINT'))).toEqual(['node', manifest.bin.hookline.replace(/^\./, folder)])
  expect(JSON.parse(lastOf('CMD'))).toEqual(['serve'])
  expect(lastOf('USER')).toBe('node')
})

test('listens on the port that it says, keeps its store on the volume, and asks itself whether it lives', () => {
  const environment = lastOf('ENV')
  expect(environment).toContain(`HOOKLINE_PORT=${lastOf('EXPOSE')}`)
  expect(environment).toContain(`HOOKLINE_STORE=${lastOf('VOLUME')}/`)
  const [, check = ''] = /CMD (\[.*\])$/.exec(lastOf('HEALTHCHECK')) ?? []
  const [program, flag, code] = JSON.parse(check) as string[]
  expect([program, flag]).toEqual(['node', '--eval'])
  expect(code).toContain('/health/live')
  expect(() => new Script(code!)).not.toThrow()
})

test('copies what is there, and nothing that its list leaves out', () => {
  const taken = deployFile('Dockerfile.dockerignore').split('\n')
  expect(taken.find((line) => line !== '' && !line.startsWith('#'))).toBe('*')
  const names = taken.filter((line) => line.startsWith('!')).map((line) => line.slice(1))
  for (const name of names) expect(existsSync(name), name).toBe(true)
  const copied = instructions
    .filter((line) => line.startsWith('COPY ') && !line.includes('--from'))
    .flatMap((line) => line.split(' ').slice(1, -1))
    .filter((name) => name !== '.')
  expect(copied.filter((name) => !names.includes(name))).toEqual([])
})

import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { deployFile, deployPath } from './deploy-file.ts'

const unit = deployFile('hookline.service')

function valueOf(name: string): string | undefined {
  return new RegExp(`^${name}=(.*)$`, 'm').exec(unit)?.[1]
}

test('is without fault to systemd, where there is one', () => {
  const { error, status, stderr } = spawnSync('systemd-analyze', ['verify', deployPath('hookline.service')], {
    encoding: 'utf8',
  })
  if (error !== undefined) expect(error).toMatchObject({ code: 'ENOENT' })
  else expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})

test('runs the service as a user of its own, on a store in its own folder', () => {
  expect(valueOf('ExecStart')).toBe('/usr/bin/env hookline serve')
  expect(valueOf('User')).toBe('hookline')
  expect(unit).toContain(`Environment=HOOKLINE_STORE=/var/lib/${valueOf('StateDirectory')}/`)
})

test('is started again after a fault, and not when it was configured wrongly', () => {
  expect(valueOf('Restart')).toBe('on-failure')
  expect(valueOf('RestartPreventExitStatus')).toBe('2')
})

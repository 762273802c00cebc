// The real program on a disk on which there is no space left, until there is again.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { SmallDisk } from '../../torture/small-disk.ts'
import { allArrived, createServiceWorld, makeWebhook, submit } from './service-world.ts'
import type { RunningService } from './running-service.ts'

/** What can be full. */
interface Disk {
  readonly folder: string
  fill(service: RunningService): void
  free(service: RunningService): void
}

/** What a service still writes on a disk that is nearly full. */
const roomBytes = 64 * 1024
const diskMebibytes = 4

/** No file of the process may grow beyond what it has, which the system lets anyone say of their own processes. */
function limitedFiles(): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-full-'))
  const limit = ({ process }: RunningService, soft: string): void => {
    if (process.exitCode !== null || process.signalCode !== null) return
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${soft}:`])
  }
  return {
    folder,
    fill(service) {
      const sizes = ['hookline.db', 'hookline.db-wal'].map((name) => statSync(join(folder, name)).size)
      limit(service, String(Math.max(...sizes) + roomBytes))
    },
    free: (service) => limit(service, 'unlimited'),
  }
}

/** A file system of its own; null for whoever may not mount one. */
function smallFileSystem(): Disk | null {
  if (process.getuid?.() !== 0) return null
  const place = mkdtempSync(join(tmpdir(), 'hookline-disk-'))
  onTestFinished(() => rmSync(place, { recursive: true, force: true }))
  const disk = SmallDisk.mount(place, diskMebibytes)
  if (disk === null) return null
  onTestFinished(() => disk.unmount())
  const folder = join(place, 'service')
  mkdirSync(folder)
  return { folder, fill: () => disk.fill(), free: () => disk.free() }
}

async function readiness(service: RunningService): Promise<unknown> {
  const { status, body } = await service.ask('GET', '/health/ready')
  return [status, body]
}

/** Fills the disk, and submits until the service refuses. @returns the ids of what it acknowledged meanwhile */
async function fillUp(disk: Disk, service: RunningService): Promise<string[]> {
  const acknowledged: string[] = []
  disk.fill(service)
  for (;;) {
    const id = await submit(service, 'x'.repeat(4000))
    if (id === null) return acknowledged
    acknowledged.push(id)
  }
}

async function expectHeld(service: RunningService): Promise<void> {
  const refused = await fetch(`${service.url}/api/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"eventType":"order.paid","payload":"refused"}',
  })
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '3'])
  expect(await refused.json()).toMatchObject({ error: { code: 'STORAGE_FAILED' } })
  expect((await service.ask('GET', '/health/live')).status).toBe(200)
  expect(await readiness(service)).toEqual([503, { ready: false, reasons: ['logHeld'] }])
  expect((await service.ask('GET', '/api/v1/deliveries')).status).toBe(200)
}

const disks: readonly (readonly [string, () => Disk | null])[] = [
  ['files that may not grow', limitedFiles],
  ['a file system of its own', smallFileSystem],
]

test.skipIf(process.platform !== 'linux').each(disks)(
  '%s: it lives, is not ready, refuses, and goes on by itself when there is space; nothing acknowledged is lost',
  { timeout: 90_000 },
  async (_, makeDisk) => {
    const disk = makeDisk()
    // Only root may mount a file system; files that may not grow are tested everywhere.
    if (disk === null) return
    const { receiver, start } = await createServiceWorld(disk.folder)
    const service = await start()
    await makeWebhook(service, receiver)
    const acknowledged = await fillUp(disk, service)
    await expectHeld(service)
    disk.free(service)
    await service.line(({ msg }) => msg === 'the log takes records again')
    expect(await readiness(service)).toEqual([200, { ready: true, reasons: [] }])
    await allArrived(receiver, acknowledged)

    acknowledged.push(...(await fillUp(disk, service)))
    await expectHeld(service)
    service.process.kill('SIGKILL')
    await service.ended
    disk.free(service)
    const again = await start()
    acknowledged.push((await submit(again, 'after')) ?? 'none')
    await allArrived(receiver, acknowledged)
  },
)

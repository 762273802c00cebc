// Makes the pictures of the viewer in docs/images/, the same on every run: `npm run screenshots`.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { exportJsonl } from '../src/index.ts'
import { attachInspector, inspectLogFile } from '../src/inspect/index.ts'
import { launchBrowser } from '../test/support/browser.ts'
import { sampleRun } from './sample-run.ts'

const images = fileURLToPath(new URL('../docs/images/', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hookline-screenshots-'))
const file = join(folder, 'shop.jsonl')
const wide = { width: 1360, height: 1040 }
const narrow = { width: 400, height: 860 }

const live = await sampleRun()
const finished = await sampleRun()
await finished.clock.advance(40_000)
writeFileSync(file, `${[...exportJsonl(finished.service.log)].join('\n')}\n`)
const retried = [...live.service.log.entries()].find(({ to, attempts }) => to === 'backoff' && attempts === 4)
if (retried === undefined) throw new Error('the sample run has no event that was tried four times')

const recorded = await inspectLogFile(file)
const service = await attachInspector(live.service, { clock: live.clock })
const browser = await launchBrowser()
const ofRetried = `${recorded.url}#/event/${retried.eventId}`
mkdirSync(images, { recursive: true })
await shoot('viewer-recorded', `${ofRetried}@${retried.seq + 1}`, { viewport: wide })
await shoot('viewer-sequence', ofRetried, { viewport: { ...wide, height: 1000 } }, (page) =>
  page.getByRole('tab', { name: 'Sequence' }).click(),
)
await shoot(
  'viewer-live-dark',
  service.url,
  { viewport: { ...wide, height: 900 }, colorScheme: 'dark' },
  async (page) => {
    await page.getByRole('button', { name: /^Pending/ }).click()
    await page.getByRole('option').nth(4).click()
    await page.getByRole('tab', { name: 'Line' }).click()
  },
)
await shoot('viewer-narrow', `${ofRetried}@${retried.seq + 1}`, { viewport: narrow })

await browser.close()
await Promise.all([recorded.close(), service.close(), finished.service.shutdown()])
rmSync(folder, { recursive: true })
const ended = live.service.shutdown({ timeoutMs: 1 })
await live.clock.advance(1)
await ended

interface Look {
  readonly viewport: { readonly width: number; readonly height: number }
  readonly colorScheme?: 'light' | 'dark'
}

async function shoot(name: string, url: string, look: Look, act?: (page: Page) => Promise<void>): Promise<void> {
  const page = await browser.newPage({ colorScheme: 'light', reducedMotion: 'reduce', ...look })
  await page.goto(url)
  await page.locator('.delivery').first().waitFor({ state: 'attached' })
  await act?.(page)
  await page.locator('.tabs .diagram, .tabs .line, .tabs .sequence').first().waitFor()
  await page.screenshot({ path: join(images, `${name}.png`) })
  await page.close()
}

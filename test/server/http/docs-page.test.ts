// The page at /docs in a real browser.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { routeTable } from '../../../src/server/routes/route-table.ts'
import { launchBrowser } from '../../support/browser.ts'
import { startServer } from '../start-server.ts'

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 })

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

test('shows every operation and asks the server for one, with no complaint and no request to anywhere else', async () => {
  const { url } = await startServer()
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== url && !request.url().startsWith('data:')) complaints.push(request.url())
  })
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`))
  const answer = await page.goto(`${url}/docs`)
  expect(answer?.headers()['content-security-policy']).toContain("default-src 'none'")
  await page.locator('.opblock').first().waitFor()
  expect(await page.locator('.opblock').count()).toBe(routeTable.length)

  const version = page.locator('#operations-service-getVersion, [id$="-getVersion"]').first()
  await version.locator('.opblock-summary').click()
  await version.getByRole('button', { name: 'Try it out' }).click()
  await version.getByRole('button', { name: 'Execute' }).click()
  await expect.poll(() => version.locator('.live-responses-table').innerText()).toContain('200')
  expect(complaints).toEqual([])
})

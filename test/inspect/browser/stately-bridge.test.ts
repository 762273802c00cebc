// The page around the hosted inspector, in a real browser. A stand-in takes the inspector's place, on an origin of its own.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Frame, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test, vi } from 'vitest'
import { InspectServer } from '../../../src/inspect/server/inspect-server.ts'
import { serveStately } from '../../../src/inspect/stately/stately-routes.ts'
import { launchBrowser } from '../../support/browser.ts'
import { caughtUp, startWatchedEngine } from '../stately/watched-engine.ts'
import type { WatchedEngine } from '../stately/watched-engine.ts'
import { Watcher } from '../stately/watcher.ts'
import type { Message } from '../stately/watcher.ts'
import { browserPatience } from './open-page.ts'

vi.setConfig(browserPatience)

/** Does what the receiver of the official package does: says that it listens, and takes what looks like a message. */
const standIn = `<!doctype html><title>stand-in</title><script>
  const taken = []
  addEventListener('message', ({ data, origin }) => {
    if (typeof data?.type === 'string' && typeof data?._version === 'string') taken.push({ data, origin })
  })
  if (location.search !== '?silent') parent.postMessage({ type: '@statelyai.connected' }, '*')
</script>`

let browser: Browser
let inspectorUrl: string
let engine: WatchedEngine
let server: InspectServer

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  const inspector = createServer((_, response) => {
    response.setHeader('Content-Type', 'text/html')
    response.end(standIn)
  })
  await new Promise<void>((resolve) => inspector.listen(0, '127.0.0.1', resolve))
  // A server that listens on TCP has such an address. By this name it is another site, as the hosted page is.
  inspectorUrl = `http://localhost:${(inspector.address() as AddressInfo).port}/inspect`
  engine = startWatchedEngine()
  server = await InspectServer.start({ keepsProcess: false })
  onTestFinished(async () => {
    inspector.closeAllConnections()
    inspector.close()
    await server.close()
  })
})

/** The page, and what went wrong in it. */
async function openPage(url = inspectorUrl): Promise<{ page: Page; trouble: string[] }> {
  serveStately(server, { ...engine.feed, page: new URL(url) }, null)
  const context = await browser.newContext()
  onTestFinished(() => context.close())
  const page = await context.newPage()
  const trouble: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') trouble.push(message.text())
  })
  page.on('pageerror', (error) => trouble.push(error.message))
  await page.goto(`${server.url}/stately`)
  return { page, trouble }
}

const frameOf = (page: Page): Frame => page.frames().find((frame) => frame !== page.mainFrame())!

const takenBy = (page: Page) => frameOf(page).evaluate('taken') as Promise<{ data: Message; origin: string }[]>

async function deliver(orderingKey = 'a'): Promise<void> {
  engine.service.submitEvent(engine.register({ ordering: 'key' }), 'payment', 1, { orderingKey })
  await engine.quiet()
  await caughtUp(engine.feed)
}

test('hands the framed inspector every message, those of before and those to come', async () => {
  await deliver()
  const { page, trouble } = await openPage()
  await expect.poll(async () => (await takenBy(page)).length).toBe(engine.feed.stats.messages)
  await deliver()
  await expect.poll(async () => (await takenBy(page)).length).toBe(engine.feed.stats.messages)
  const taken = await takenBy(page)
  const watcher = new Watcher()
  for (const { data, origin } of taken) {
    expect(origin).toBe(server.url)
    watcher.take(data)
  }
  expect(watcher.named('evt_2')[0]).toMatchObject({ parent: 'lane ep_2/a', status: 'stopped' })
  expect(await page.getByRole('status').textContent()).toContain('Connected')
  expect(trouble).toEqual([])
})

test('tells an inspector that was reloaded everything again', async () => {
  await deliver()
  const { page } = await openPage()
  await expect.poll(async () => (await takenBy(page)).length).toBe(engine.feed.stats.messages)
  await frameOf(page).goto(inspectorUrl)
  await expect.poll(async () => (await takenBy(page)).length).toBe(engine.feed.stats.messages)
})

test('reads nothing before the framed page says that it listens', async () => {
  await deliver()
  const { page } = await openPage(`${inspectorUrl}?silent`)
  const streams: string[] = []
  page.on('request', (request) => {
    if (request.url().includes('/stream')) streams.push(request.url())
  })
  // Neither the page itself nor a frame of another origin can say so in its place.
  await page.evaluate("postMessage({ type: '@statelyai.connected' }, '*')")
  await page.evaluate('new Promise((resolve) => setTimeout(resolve, 100))')
  expect(await takenBy(page)).toEqual([])
  expect(streams).toEqual([])
  expect(await page.getByRole('status').textContent()).toContain('Waiting for')
})

test('hands on hostile text of a log as text, and runs none of it', async () => {
  await deliver('<img src=x onerror=alert(1)></script><script>alert(1)</script>')
  const { page, trouble } = await openPage()
  await expect.poll(async () => (await takenBy(page)).length).toBe(engine.feed.stats.messages)
  expect(JSON.stringify(await takenBy(page))).toContain('onerror=alert(1)')
  expect(trouble).toEqual([])
})

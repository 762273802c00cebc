import { connect } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { createWebhookService } from '../../../src/index.ts'
import type { WebhookService } from '../../../src/index.ts'
import { attachInspector } from '../../../src/inspect/index.ts'
import type { Inspector } from '../../../src/inspect/index.ts'
import { createReceiver } from '../../../src/testing/index.ts'
import type { Receiver } from '../../../src/testing/index.ts'
import { launchBrowser } from '../../support/browser.ts'
import { browserPatience, openPage } from './open-page.ts'

vi.setConfig(browserPatience)

let browser: Browser
let receiver: Receiver
let service: WebhookService
let inspector: Inspector
let endpointId: string

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

beforeEach(async () => {
  receiver = await createReceiver()
  service = createWebhookService({ retry: { initialDelayMs: 400, jitter: 0 } })
  endpointId = service.registerEndpoint(receiver.url, 'a secret both sides know')
  inspector = await attachInspector(service)
})

afterEach(async () => {
  await inspector.close()
  await service.shutdown()
  await receiver.close()
})

test('shows a delivery as it is submitted, tried again and delivered', async () => {
  const { page, complaints } = await openPage(browser, inspector.url)
  expect(await page.locator('.mode').innerText()).toBe('Live')
  receiver.respond(503, 200)
  const eventId = service.submitEvent(endpointId, 'order.paid', { order: 7 })
  await page.locator(`[data-event="${eventId}"]`).click()
  await expect.poll(() => page.locator('.badge').innerText()).toBe('Delivered')
  await expect.poll(() => page.locator('.statechart').getAttribute('data-current')).toBe('delivered')
  expect(await page.locator('.timeline .result b').allInnerTexts()).toEqual(['503', '200'])
  await expect.poll(() => page.getByRole('option').getAttribute('data-status')).toBe('delivered')
  expect(await page.locator('.endpoint .name').innerText()).toContain('127.0.0.1')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('stands still while it is paused, and catches up', async () => {
  const { page } = await openPage(browser, inspector.url)
  const { page: beside } = await openPage(browser, inspector.url)
  await page.getByRole('button', { name: 'Pause' }).click()
  for (const count of [1, 2]) {
    service.submitEvent(endpointId, 'order.paid', {})
    await expect.poll(() => beside.getByRole('option').count()).toBe(count)
  }
  expect(await page.locator('.mode').innerText()).toBe('Paused')
  expect(await page.getByRole('option').count()).toBe(0)
  await page.getByRole('button', { name: 'Go on' }).click()
  await expect.poll(() => page.getByRole('option').count()).toBe(2)
  await beside.context().close()
  await page.context().close()
})

test('says when the service is gone, and finds it again', async () => {
  const { page } = await openPage(browser, inspector.url)
  const { port } = new URL(inspector.url)
  await inspector.close()
  await expect.poll(() => page.getByRole('alert').innerText()).toContain('Connection lost')
  inspector = await attachInspector(service, { port: Number(port) })
  await expect.poll(() => page.getByRole('alert').count(), { timeout: 20_000 }).toBe(0)
  await page.context().close()
})

test('shows a line that is paused, who is in it, and the events of its endpoint', async () => {
  service.pauseEndpoint(endpointId)
  const [, second] = [1, 2, 3].map((order) => service.submitEvent(endpointId, 'order.paid', { order }))
  const { page, complaints } = await openPage(browser, `${inspector.url}#/event/${second!}`)
  await expect.poll(() => page.locator('.explanation').innerText()).toContain('is paused')
  await page.getByRole('tab', { name: 'Line' }).click()
  expect(await page.locator('.line .self .place').innerText()).toBe('2')
  await page.getByRole('tab', { name: 'Endpoint' }).click()
  await expect.poll(() => page.locator('.state.current').getAttribute('data-state')).toBe('paused')
  expect(await page.locator('.endpoint .tag').innerText()).toBe('paused')
  service.resumeEndpoint(endpointId)
  await expect.poll(() => page.locator('.badge').innerText()).toBe('Delivered')
  expect(complaints).toEqual([])
  await page.context().close()
})

test('lets no viewer that never reads hold a delivery up', async () => {
  const { host, hostname, port } = new URL(inspector.url)
  const deaf = Array.from({ length: 16 }, () => {
    const socket = connect(Number(port), hostname)
    socket.on('error', () => undefined)
    socket.pause()
    socket.write(`GET /api/changes HTTP/1.1\r\nHost: ${host}\r\n\r\n`)
    return socket
  })
  for (let order = 0; order < 500; order += 1) service.submitEvent(endpointId, 'order.paid', { order })
  await service.drain()
  expect(service.stats().events.delivered).toBe(500)
  expect(inspector.failures).toBe(0)
  for (const socket of deaf) socket.destroy()
})

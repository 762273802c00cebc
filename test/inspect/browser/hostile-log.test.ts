import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createWebhookService, exportJsonl } from '../../../src/index.ts'
import { inspectLogFile } from '../../../src/inspect/index.ts'
import { createVirtualClock } from '../../../src/testing/index.ts'
import { createScriptedTransport } from '../../support/scripted-transport.ts'
import { launchBrowser } from '../../support/browser.ts'
import { browserPatience, openPage } from './open-page.ts'
import { writeLogFile } from './log-file.ts'

vi.setConfig(browserPatience)

let browser: Browser

beforeAll(async () => {
  browser = await launchBrowser()
})

afterAll(() => browser.close())

const hostile = [
  ['an image that runs a script', '<img src=x onerror=alert(1)>'],
  ['the end of a script and another', '</script><script>alert(1)</script>'],
  ['the end of an attribute', '"><svg onload=alert(1)>'],
  ['writing turned round', '\u202egnp.exe\u202c'],
  ['a script as an address', "javascript:alert('1')"],
  ['a template', '{{7*7}}'],
  ['a line end of JavaScript', '\u2028alert(1)'],
  ['a hundred thousand characters', 'x'.repeat(100_000)],
] as const

/** A log of one event, into whose every text something hostile was written. */
async function hostileLog(text: string): Promise<string[]> {
  const clock = createVirtualClock()
  const snippet = 'SNIPPET'
  const transport = createScriptedTransport(() => ({ kind: 'answered', status: 503, retryAfter: null, snippet }))
  const ids = { endpointId: () => 'ep_ENDPOINT', eventId: () => 'evt_EVENT' }
  const service = createWebhookService({ clock, transport, ids, retry: { maxAttempts: 2, jitter: 0 } })
  service.submitEvent(service.registerEndpoint('https://a.example', 'secret', { ordering: 'key' }), 'TYPE', 'BODY', {
    orderingKey: 'KEY',
    idempotencyKey: 'IDEMPOTENCY',
  })
  await clock.advance(5000)
  const lines = [...exportJsonl(service.log)]
  await service.shutdown()
  const inside = JSON.stringify(text).slice(1, -1)
  const twice = JSON.stringify(inside).slice(1, -1)
  // An id of any length would be a log that hookline never wrote, and an address that no browser sends.
  const id = inside.slice(0, 100)
  return lines.map((line) =>
    line
      .replaceAll(/(ep_)?ENDPOINT|(evt_)?EVENT/g, () => id)
      .replace('\\"BODY\\"', () => `\\"${twice}\\"`)
      .replaceAll(/TYPE|KEY|SNIPPET|HTTP 503|IDEMPOTENCY/g, () => inside),
  )
}

test.each(hostile)('shows %s as the text it is', async (_, text) => {
  const file = writeLogFile(await hostileLog(text))
  const inspector = await inspectLogFile(file.path, { payloads: true })
  const { page, complaints } = await openPage(browser, inspector.url)
  await page.getByRole('option').click()
  await expect.poll(() => page.locator('.badge').innerText()).toBe('Dead letter')
  const start = text
    .replaceAll(/[\u202a-\u202e\u2028]/g, (mark) => `\\u{${mark.codePointAt(0)!.toString(16)}}`)
    .slice(0, 70)
  const heading = await page.locator('h1').innerText()
  expect(heading).toContain(start)
  expect(heading.length).toBeLessThan(400)
  for (const name of ['Sequence', 'Line', 'Records', 'Endpoint', 'Payload']) {
    await page.getByRole('tab', { name }).click()
    await expect.poll(() => page.getByRole('tabpanel').innerText()).not.toBe('')
    if (name === 'Records') for (const one of await page.locator('.record summary').all()) await one.click()
  }
  expect(await page.getByRole('tabpanel').innerText()).toContain(start.slice(0, 5).replaceAll('"', '\\"'))
  expect(await page.locator('script:not([src]), img, iframe, svg[onload], [onerror]').count()).toBe(0)
  expect(complaints).toEqual([])
  await page.context().close()
  await inspector.close()
  file.remove()
})

test('confines the page, should a script ever come into it', async () => {
  const file = writeLogFile(await hostileLog('order'))
  const inspector = await inspectLogFile(file.path)
  const { page, complaints } = await openPage(browser, inspector.url)
  const refused = await page.evaluate(() => {
    try {
      document.body.innerHTML = '<p>text that became markup</p>'
      return false
    } catch {
      return true
    }
  })
  expect(refused).toBe(true)
  await expect.poll(() => complaints.join('\n')).toContain('policy: require-trusted-types-for')
  await page.context().close()
  await inspector.close()
  file.remove()
})

test('draws no more of ten thousand events than are seen, wherever one scrolls and moves', async () => {
  const clock = createVirtualClock()
  const service = createWebhookService({
    clock,
    transport: createScriptedTransport(),
    retention: { settledEvents: 20_000 },
  })
  const endpoints = [1, 2, 3].map((n) => service.registerEndpoint(`https://shop-${n}.example`, 'secret'))
  for (let order = 0; order < 10_000; order += 1)
    service.submitEvent(endpoints[order % 3]!, `order.${order}`, { order })
  await service.drain()
  const file = writeLogFile(exportJsonl(service.log))
  await service.shutdown()
  const inspector = await inspectLogFile(file.path)
  const { page, complaints } = await openPage(browser, inspector.url)
  await page.getByRole('option').first().waitFor()
  const list = page.getByRole('listbox')
  expect(await page.getByRole('option').count()).toBeLessThan(60)
  const mostDrawn = await page.evaluate(async () => {
    let most = 0
    const box = document.querySelector('[role=listbox]')!
    const slider = document.querySelector<HTMLInputElement>('input[type=range]')!
    for (let step = 1; step <= 30; step += 1) {
      box.scrollTop = box.scrollHeight
      slider.value = String(30_000 - step * 900)
      slider.dispatchEvent(new Event('input', { bubbles: true }))
      await new Promise((resolve) => requestAnimationFrame(resolve))
      most = Math.max(most, box.querySelectorAll('[role=option]').length)
    }
    return most
  })
  expect(mostDrawn).toBeGreaterThan(0)
  expect(mostDrawn).toBeLessThan(60)
  await page.getByRole('searchbox').fill('order.4321')
  await expect.poll(() => list.innerText()).toContain('No delivery fits')
  await page.getByRole('slider').focus()
  await page.keyboard.press('End')
  await expect.poll(() => list.innerText()).toContain('order.4321')
  expect(complaints).toEqual([])
  await page.context().close()
  await inspector.close()
  file.remove()
})

import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest'
import { sampleRun } from '../../../scripts/sample-run.ts'
import { exportJsonl } from '../../../src/index.ts'
import type { Transition } from '../../../src/index.ts'
import { inspectLogFile } from '../../../src/inspect/index.ts'
import type { Inspector } from '../../../src/inspect/index.ts'
import { launchBrowser } from '../../support/browser.ts'
import { browserPatience, openPage } from './open-page.ts'
import type { OpenedPage } from './open-page.ts'
import { writeLogFile } from './log-file.ts'

vi.setConfig(browserPatience)

let browser: Browser
let inspector: Inspector
let file: ReturnType<typeof writeLogFile>
let records: Transition[]
let opened: OpenedPage

beforeAll(async () => {
  const { service, clock } = await sampleRun()
  await clock.advance(40_000)
  records = [...service.log.entries()]
  file = writeLogFile(exportJsonl(service.log))
  await service.shutdown()
  inspector = await inspectLogFile(file.path)
  browser = await launchBrowser()
})

afterAll(async () => {
  await browser.close()
  await inspector.close()
  file.remove()
})

afterEach(async () => {
  if (opened.complaints.length > 0) throw new Error(opened.complaints.join('\n'))
  await opened.page.context().close()
})

async function open(hash = '', options = {}): Promise<Page> {
  opened = await openPage(browser, `${inspector.url}${hash}`, options)
  return opened.page
}

/** The records of the first event that was tried more than twice. */
function retried(): Transition[] {
  const tried = records.find(({ attempts }) => attempts > 2)
  return records.filter(({ eventId }) => eventId === tried!.eventId)
}

const current = (page: Page) => page.locator('.statechart').getAttribute('data-current')
const shown = async (page: Page) => (await page.locator('.shown-moment').innerText()).replaceAll('\n', ' ')

/** Moves the slider as one who drags it. */
async function slideTo(page: Page, seq: number): Promise<void> {
  const slider = page.getByRole('slider', { name: 'Moment' })
  await slider.evaluate((input, value) => {
    ;(input as HTMLInputElement).value = String(value)
    input.dispatchEvent(new Event('input', { bubbles: true }))
  }, seq)
  await expect.poll(() => shown(page)).toContain(`record ${seq} of`)
}

test('lists endpoints and deliveries, the newest first', async () => {
  const page = await open()
  const newest = records.filter(({ from }) => from === null).at(-1)!
  await expect.poll(() => page.getByRole('option').first().getAttribute('data-event')).toBe(newest.eventId)
  expect(await page.getByRole('button', { name: /ep_/ }).count()).toBe(3)
  expect(await page.getByRole('group', { name: 'Show only' }).innerText()).toMatch(/Delivered\s+95/)
})

test('shows an event at a moment that a link names: its state, its way there, and why', async () => {
  const event = retried()
  const backoff = event.find(({ to, attempts }) => to === 'backoff' && attempts === 2)!
  const page = await open(`#/event/${event[0]!.eventId}@${backoff.seq}`)
  await expect.poll(() => current(page)).toBe('backoff')
  await expect.poll(() => page.locator('.state.current').getAttribute('data-state')).toBe('backoff')
  const taken = page.locator('.transition.taken')
  expect(await taken.evaluateAll((all) => all.map((one) => one.getAttribute('data-event')))).toEqual([
    'attempt.started',
    'attempt.failed',
    'attempt.started',
  ])
  expect(await page.locator('.explanation').innerText()).toContain('Attempt 2 failed (HTTP 503); attempt 3 is due at')
  expect(await page.locator('.timeline .row').count()).toBe(3)
  expect(await page.getByRole('option', { selected: true }).getAttribute('data-event')).toBe(event[0]!.eventId)
})

test('shows the moment that the slider is moved to: chart, line, attempts and details', async () => {
  const event = retried()
  const [started, failed] = [event.find(({ to }) => to === 'delivering')!, event.find(({ to }) => to === 'backoff')!]
  const page = await open(`#/event/${event[0]!.eventId}`)
  await expect.poll(() => current(page)).toBe('delivered')
  await page.getByRole('searchbox').fill(event[0]!.eventId)
  await expect.poll(() => page.getByRole('option').count()).toBe(1)
  for (const { seq, to } of [started, failed, event[0]!]) {
    await slideTo(page, seq)
    await expect.poll(() => current(page)).toBe(to)
    await expect.poll(() => page.locator('.state.current').getAttribute('data-state')).toBe(to)
    await expect.poll(() => page.getByRole('option').getAttribute('data-status')).toBe(to)
  }
  await slideTo(page, failed.seq)
  await expect.poll(() => page.locator('.explanation').innerText()).toContain('Attempt 1 failed')
  await page.getByRole('tab', { name: 'Line' }).click()
  await expect.poll(() => page.locator('.line .self').innerText()).toContain(event[0]!.eventId)
  const behind = await page.locator('.line li').count()
  await slideTo(page, failed.seq + 60)
  await expect.poll(() => page.locator('.line li').count()).toBeGreaterThan(behind)
  expect(new URL(page.url()).hash).toBe(`#/event/${event[0]!.eventId}@${failed.seq + 60}`)
})

test('draws backoffs as long as they were, on one axis', async () => {
  const event = retried()
  const delays = event.flatMap(({ event: { type }, at }, index) =>
    type === 'attempt.failed' && event[index + 1] ? [Date.parse(event[index + 1]!.at) - Date.parse(at)] : [],
  )
  const page = await open(`#/event/${event[0]!.eventId}`)
  const bars = page.locator('.timeline .track .bar')
  await expect.poll(() => page.locator('.timeline .row').count()).toBe(delays.length + 1)
  const drawn = await bars.evaluateAll((all) =>
    all.map((bar) => bar.getBoundingClientRect()).map(({ x, width }) => ({ x, width })),
  )
  const backoffs = await page
    .locator('.timeline .track .bar:is(.backoff, .late)')
    .evaluateAll((all) => all.map((bar) => bar.getBoundingClientRect().width))
  const [spanMs, spanPx] = [
    Date.parse(event.at(-1)!.at) - Date.parse(event[0]!.at),
    drawn.at(-1)!.x + drawn.at(-1)!.width - drawn[0]!.x,
  ]
  expect(backoffs).toHaveLength(delays.length)
  for (const [index, width] of backoffs.entries()) {
    expect(Math.abs(width - (delays[index]! / spanMs) * spanPx)).toBeLessThan(3)
  }
  expect(drawn.map(({ x }) => x)).toEqual(drawn.map(({ x }) => x).toSorted((one, other) => one - other))
})

test('says of an event that is submitted later that it is not there yet', async () => {
  const late = records.filter(({ from }) => from === null).at(-1)!
  const page = await open(`#/event/${late.eventId}@1`)
  await expect.poll(() => page.locator('main').innerText()).toContain('no such delivery at this moment')
  await page.getByRole('button', { name: 'Next record of this delivery' }).isDisabled()
})

test('goes from record to record of the delivery', async () => {
  const event = retried()
  const page = await open(`#/event/${event[0]!.eventId}@${event[0]!.seq}`)
  await page.getByRole('button', { name: 'Next record of this delivery' }).click()
  await expect.poll(() => shown(page)).toContain(`record ${event[1]!.seq} of`)
  await page.getByRole('button', { name: 'Previous record of this delivery' }).click()
  await expect.poll(() => shown(page)).toContain(`record ${event[0]!.seq} of`)
})

test('finds deliveries by id, type, key, state and endpoint', async () => {
  const page = await open()
  const count = () => page.getByRole('option').count()
  const search = page.getByRole('searchbox')
  await search.fill(retried()[0]!.eventId.toUpperCase())
  await expect.poll(count).toBe(1)
  await search.fill('customer.deleted')
  await expect.poll(count).toBe(5)
  await search.fill('customer-3')
  await expect.poll(count).toBe(8)
  await search.fill('nothing like it')
  await expect.poll(() => page.locator('.deliveries').innerText()).toContain('No delivery fits')
  await search.press('Escape')
  await page.getByRole('button', { name: /^Failed/ }).click()
  await expect.poll(count).toBe(5)
  await page.getByRole('button', { name: /^Failed/ }).click()
  await page.getByRole('button', { name: /ep_billing/ }).click()
  await expect
    .poll(async () => new Set(await page.locator('.delivery .type').allInnerTexts()))
    .toEqual(new Set(['invoice.created']))
})

test('goes back and forward between deliveries', async () => {
  const page = await open()
  const options = page.getByRole('option')
  const [first, second] = [
    await options.nth(0).getAttribute('data-event'),
    await options.nth(1).getAttribute('data-event'),
  ]
  await options.nth(0).click()
  await options.nth(1).click()
  await expect.poll(() => page.locator('.facts code').first().innerText()).toBe(second)
  await page.goBack()
  await expect.poll(() => page.locator('.facts code').first().innerText()).toBe(first)
  await page.goForward()
  await expect.poll(() => page.locator('.facts code').first().innerText()).toBe(second)
})

test('is led by the keyboard alone', async () => {
  const page = await open()
  await page.getByRole('option').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('order.placed')
  await expect.poll(() => page.getByRole('option').first().innerText()).toContain('order.placed')
  const reach = async (role: string): Promise<void> => {
    for (let presses = 0; presses < 40; presses += 1) {
      const found = await page.evaluate((wanted) => document.activeElement?.getAttribute('role') === wanted, role)
      if (found) return
      await page.keyboard.press('Tab')
    }
    throw new Error(`the Tab key does not lead to the ${role}`)
  }
  await reach('listbox')
  for (const key of ['ArrowDown', 'j', 'ArrowDown', 'k']) await page.keyboard.press(key)
  const third = page.getByRole('option').nth(1)
  await expect.poll(() => third.getAttribute('aria-selected')).toBe('true')
  expect(await page.getByRole('listbox').getAttribute('aria-activedescendant')).toBe('row-1')
  await page.getByRole('tab').first().waitFor()
  await reach('tab')
  await page.keyboard.press('ArrowRight')
  await expect.poll(() => page.getByRole('tab', { selected: true }).innerText()).toBe('Sequence')
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Sequence')
  const outline = () => page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle)
  expect(await outline()).toBe('solid')
  await page.getByRole('slider').focus()
  const before = await shown(page)
  await page.keyboard.press('ArrowLeft')
  await expect.poll(() => shown(page)).not.toBe(before)
  await page.keyboard.press('Home')
  await expect.poll(() => shown(page)).toContain('record 1 of')
})

test.each(['Statechart', 'Sequence', 'Line', 'Records', 'Endpoint', 'Payload'])('shows the panel %s', async (name) => {
  const page = await open(`#/event/${retried()[0]!.eventId}`)
  await page.getByRole('tab', { name }).click()
  await expect.poll(async () => (await page.getByRole('tabpanel').innerText()).length).toBeGreaterThan(20)
})

test('keeps payloads and answers to itself unless it is asked for them', async () => {
  const page = await open(`#/event/${records.find(({ to }) => to === 'failed')!.eventId}`)
  await page.getByRole('tab', { name: 'Payload' }).click()
  await expect.poll(() => page.getByRole('tabpanel').innerText()).toContain('Payloads are not shown')
  await page.getByRole('tab', { name: 'Records' }).click()
  await page.locator('.record summary').first().click()
  expect(await page.getByRole('tabpanel').innerText()).toContain('bytes, not shown')
  expect(await page.content()).not.toContain('unknown customer')
})

test.each(['light', 'dark'] as const)('can be read in %s', async (colorScheme) => {
  const page = await open(`#/event/${retried()[0]!.eventId}@${retried()[3]!.seq}`, { colorScheme })
  await page.locator('.timeline').waitFor()
  expect(await page.evaluate(lowContrasts)).toEqual([])
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor)
  expect(ground).toBe(colorScheme === 'light' ? 'rgb(244, 245, 247)' : 'rgb(14, 18, 23)')
})

test('fits a narrow window without scrolling sideways, also enlarged', async () => {
  for (const width of [400, 640]) {
    const page = await open(`#/event/${retried()[0]!.eventId}`, { viewport: { width, height: 700 } })
    await page.locator('.timeline').waitFor()
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
    expect(await page.evaluate(() => document.querySelector('main')!.scrollWidth)).toBeLessThanOrEqual(width)
    await page.getByRole('button', { name: 'All deliveries' }).click()
    await page.getByRole('option').first().waitFor()
    if (width === 400) await page.context().close()
  }
})

test('names every control', async () => {
  const page = await open(`#/event/${retried()[0]!.eventId}`)
  await page.locator('.timeline').waitFor()
  expect(await page.evaluate(namelessControls)).toEqual([])
})

/** Runs in the page. */
function namelessControls(): string[] {
  const controls = document.querySelectorAll('button, input, a, [role=option], [role=tab], [role=listbox], summary')
  return [...controls]
    .filter((control) => {
      const labelledBy = document.getElementById(control.getAttribute('aria-labelledby') ?? '')
      const name = control.getAttribute('aria-label') ?? labelledBy?.textContent ?? control.textContent
      return name.trim() === ''
    })
    .map((control) => control.outerHTML)
}

/** Runs in the page: texts whose contrast is below 4.5, as WCAG AA has it. */
function lowContrasts(): string[] {
  const rgbOf = (color: string) => (color.match(/[\d.]+/g) ?? []).map(Number)
  const lightOf = (color: number[]) => {
    const [r = 0, g = 0, b = 0] = color.map((part) => {
      const value = part / 255
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
    })
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const groundOf = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255]
    const color = rgbOf(getComputedStyle(element).backgroundColor)
    return color[3] === 0 ? groundOf(element.parentElement) : color
  }
  const low: string[] = []
  for (const element of document.querySelectorAll('body *:not(svg, svg *, .visually-hidden)')) {
    const text = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent!.trim() !== '')
    if (!text || (element as HTMLElement).offsetParent === null || element.closest(':disabled') !== null) continue
    const [one, other] = [lightOf(rgbOf(getComputedStyle(element).color)), lightOf(groundOf(element))]
    const contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)
    if (contrast < 4.5) low.push(`${element.className} "${element.textContent}" ${contrast.toFixed(2)}`)
  }
  return low
}

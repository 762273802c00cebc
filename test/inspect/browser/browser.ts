// A real browser, headless, and what it had to complain of.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

/** For tests that wait for a browser on a busy machine. */
export const browserPatience = { testTimeout: 60_000, hookTimeout: 60_000 }

export function launchBrowser(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...usual].find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error('there is no Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH')
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

export interface OpenedPage {
  readonly page: Page
  /** Errors of the console and of scripts, reports of the security policy, dialogs, and requests to anywhere else. */
  readonly complaints: readonly string[]
}

/** Opens a page, and waits until it shows its list. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`))
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`)
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    if (!request.url().startsWith(new URL(url).origin)) complaints.push(`request: ${request.url()}`)
  })
  await page.addInitScript(() => {
    addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) =>
      console.error(`policy: ${violatedDirective} ${blockedURI}`),
    )
  })
  await page.goto(url)
  await page.locator('.viewer').waitFor()
  return { page, complaints }
}

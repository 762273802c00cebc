// A page of the viewer in a real browser, and what the browser had to complain of.
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'

/** For tests that wait for a browser on a busy machine. */
export const browserPatience = { testTimeout: 60_000, hookTimeout: 60_000 }

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

// A real browser, headless.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import type { Browser } from 'playwright-core'

const usual = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium']

/** Starts the Chromium that is installed. Throws, and says how to install it, when there is none. */
export function launchBrowser(): Promise<Browser> {
  const executablePath = [process.env['CHROMIUM_PATH'] ?? '', ...usual].find((path) => existsSync(path))
  if (executablePath === undefined) {
    throw new Error('there is no Chromium: install it (Debian: apt-get install chromium), or set CHROMIUM_PATH')
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox'] })
}

// Builds the viewer's page once, before the tests: hookline run from its sources serves the page last built.
import { build } from 'tsup'
import { page } from '../../tsup.page.config.ts'

export async function setup(): Promise<void> {
  await build({ ...page, config: false, silent: true })
}

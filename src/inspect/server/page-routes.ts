// The files of the viewer's page. They are read once, before the server starts, and held: no request ever names a file.
import { readFileSync } from 'node:fs'
import type { InspectServer } from './inspect-server.ts'
import { pageIcon, pageShell } from './page-shell.ts'

const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'
const picture = 'image/svg+xml; charset=utf-8'

/** What `npm run build:page` makes: the page's script and style, and the statecharts that it lights up. */
const built: ReadonlyMap<string, string> = new Map([
  ['viewer.js', script],
  ['viewer.css', style],
  ['charts.css', style],
  ['delivery.svg', picture],
  ['endpoint.svg', picture],
  ['breaker.svg', picture],
])

export interface PageFile {
  readonly path: string
  readonly type: string
  readonly body: string
}

/** The page at `/`, and its files. Throws when it was not built. */
export function readPage(): readonly PageFile[] {
  return [
    { path: '/', type: 'text/html; charset=utf-8', body: pageShell },
    { path: '/icon.svg', type: picture, body: pageIcon },
    ...Array.from(built, ([name, type]) => ({ path: `/${name}`, type, body: readPageFile(name) })),
  ]
}

export function mountPageRoutes(server: InspectServer, page: readonly PageFile[]): void {
  for (const { path, type, body } of page) server.route(path, () => ({ type, body }))
}

/** In the package the built page lies beside the built modules; run from its sources, hookline takes the page last built. */
function readPageFile(name: string): string {
  const fromSources = import.meta.url.endsWith('.ts')
  const file = new URL(`${fromSources ? '../../../dist/' : './'}page/${name}`, import.meta.url)
  try {
    return readFileSync(file, 'utf8')
  } catch (cause) {
    throw new Error("the viewer's page is not built; run: npm run build:page", { cause })
  }
}

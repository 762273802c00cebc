// The files of the viewer's page. They are read once, when the server starts, and held: no request ever names a file.
import { readFileSync } from 'node:fs'
import { breakerMachine, deliveryMachine, endpointMachine } from '../../../machines/index.ts'
import { readChart } from '../../diagram/chart.ts'
import { diagramStyle } from '../../diagram/svg-style.ts'
import { toSvg } from '../../diagram/svg.ts'
import type { InspectServer } from './inspect-server.ts'
import { pageIcon, pageShell } from './page-shell.ts'

const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'
const picture = 'image/svg+xml; charset=utf-8'

/** The built page. */
export interface Page {
  readonly script: string
  readonly style: string
}

/** Mounts the page at `/`, its script and style, and the charts it lights up. */
export function mountPageRoutes(server: InspectServer, page: Page): void {
  const serve = (path: string, type: string, body: string): void => server.route(path, () => ({ type, body }))
  serve('/', 'text/html; charset=utf-8', pageShell)
  serve('/icon.svg', picture, pageIcon)
  serve('/viewer.js', script, page.script)
  serve('/viewer.css', style, page.style)
  serve('/charts/style.css', style, diagramStyle)
  for (const machine of [deliveryMachine, endpointMachine, breakerMachine]) {
    serve(`/charts/${machine.id}.svg`, picture, toSvg(readChart(machine), { embedded: true }))
  }
}

/** Throws when the page was not built. */
export function readPage(): Page {
  return { script: readPageFile('viewer.js'), style: readPageFile('viewer.css') }
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

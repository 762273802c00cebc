// The readable page of the documentation, and the document behind it. Its files are read once, before the server listens,
// and held: no request ever names a file, and the page loads nothing from anywhere else.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { pagePolicy } from '../../browser/security-headers.ts'
import { version } from '../../version.ts'
import { defineRoute } from '../routes/route.ts'
import type { Route } from '../routes/route.ts'

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>hookline API</title>
    <link rel="icon" href="data:,">
    <link rel="stylesheet" href="docs/swagger-ui.css?v=${version}">
  </head>
  <body>
    <noscript>This page needs JavaScript. What it shows is in <a href="openapi.json">openapi.json</a>.</noscript>
    <div id="docs"></div>
    <script src="docs/swagger-ui-bundle.js?v=${version}"></script>
    <script src="docs/start.js?v=${version}"></script>
  </body>
</html>
`

const start = `SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#docs',
  deepLinking: true,
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
})
`

const script = 'text/javascript; charset=utf-8'
const style = 'text/css; charset=utf-8'
const html = 'text/html; charset=utf-8'

/** @param documentText the OpenAPI document, as JSON; asked for with each request */
export function docsRoutes(documentText: () => string): readonly Route[] {
  return [
    textRoute('/openapi.json', () => documentText(), { 'content-type': 'application/json; charset=utf-8' }),
    textRoute('/docs', () => page, { 'content-type': html, 'content-security-policy': pagePolicy }),
    fileRoute('/docs/start.js', start, script),
    fileRoute('/docs/swagger-ui-bundle.js', readPageFile('swagger-ui-bundle.js'), script),
    fileRoute('/docs/swagger-ui.css', readPageFile('swagger-ui.css'), style),
  ]
}

/** The page asks for its files by the version, so that they may be kept. */
function fileRoute(path: string, text: string, type: string): Route {
  return textRoute(path, () => text, { 'content-type': type, 'cache-control': 'public, max-age=31536000, immutable' })
}

function textRoute(path: string, text: () => string, headers: Readonly<Record<string, string>>): Route {
  return defineRoute({
    method: 'GET',
    path,
    operationId: path,
    summary: path,
    tag: 'documentation',
    undocumented: true,
    access: 'public',
    request: {},
    responses: {},
    handle: () => ({ status: 200, text: text(), headers }),
  })
}

/** In the package they lie beside the built modules; run from its sources, hookline takes those of the package they are from. */
function readPageFile(name: string): string {
  const fromSources = import.meta.url.endsWith('.ts')
  const file = fromSources
    ? createRequire(import.meta.url).resolve(`swagger-ui-dist/${name}`)
    : new URL(`./docs/${name}`, import.meta.url)
  return readFileSync(file, 'utf8')
}

// What the program loads before it knows which command it runs: `hookline --help` must not wait for the service's packages.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { expect, test } from 'vitest'
import ts from 'typescript'

/** Packages that files import when they are loaded, not later and not for types alone; with those of what they import. */
function packagesOf(file: string, seen = new Set<string>(), packages = new Set<string>()): ReadonlySet<string> {
  if (seen.has(file)) return packages
  seen.add(file)
  for (const name of namesLoadedBy(file)) {
    if (name.startsWith('.')) packagesOf(resolve(dirname(file), name), seen, packages)
    else packages.add(name.split('/', name.startsWith('@') ? 2 : 1).join('/'))
  }
  return packages
}

function namesLoadedBy(file: string): string[] {
  expect(existsSync(file)).toBe(true)
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest)
  return source.statements.flatMap((statement) => {
    const typesAlone =
      (ts.isImportDeclaration(statement) && statement.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword) ||
      (ts.isExportDeclaration(statement) && statement.isTypeOnly)
    if (typesAlone || !(ts.isImportDeclaration(statement) || ts.isExportDeclaration(statement))) return []
    const name = statement.moduleSpecifier
    return name !== undefined && ts.isStringLiteral(name) ? [name.text] : []
  })
}

/** typebox is not among them: by it the program knows the flags of `serve`, which its help shows. */
const ofTheService = ['fastify', '@fastify/swagger', 'pino', 'pino-pretty', 'prom-client', 'better-sqlite3']

test('loads what only the service needs once the service is asked for', () => {
  const atOnce = packagesOf(resolve('src/cli/main.ts'))
  expect(atOnce).toContain('commander')
  expect(ofTheService.filter((name) => atOnce.has(name))).toEqual([])
  const later = packagesOf(resolve('src/cli/serve/serve.ts'))
  expect(later).toContain('pino')
})

test('loads the packages of the server when it listens, not when it is imported', () => {
  const atOnce = packagesOf(resolve('src/server/index.ts'))
  expect([...ofTheService, 'typebox'].filter((name) => atOnce.has(name))).toEqual([])
})

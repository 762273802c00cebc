// The configuration's file: YAML 1.2, read with the line of everything in it. What YAML's own errors say is cut where they
// begin to quote the file, which may hold secrets.
import { isMap, isScalar, LineCounter, parseDocument } from 'yaml'
import type { Document, Node, Pair } from 'yaml'
import { hideSecretForms } from '../../errors/describe-value.ts'
import { keysByPath, namesWithin } from './config-keys.ts'
import type { Given, Reading, Source } from './config-source.ts'
import { suggestion } from './suggestion.ts'

/** Reads the text of the file; `name` is what errors call it. */
export function readConfigFile(text: string, name: string): Reading {
  const lines = new LineCounter()
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, version: '1.2' })
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line)
  if (document.errors.length > 0) {
    const problems = document.errors.map(
      ({ pos, message }) => `${name}:${lineAt(pos[0])}: it is no valid YAML: ${hideSecretForms(untilQuote(message))}`,
    )
    return { given: [], problems }
  }
  const walk = new FileWalk(document, name, lineAt)
  walk.section(document.contents, '')
  return walk
}

class FileWalk implements Reading {
  readonly given: Given[] = []
  readonly problems: string[] = []
  readonly #document: Document.Parsed
  readonly #name: string
  readonly #lineAt: (offset: number) => number

  constructor(document: Document.Parsed, name: string, lineAt: (offset: number) => number) {
    this.#document = document
    this.#name = name
    this.#lineAt = lineAt
  }

  /** A mapping whose keys are those within `path`. An empty one is none. */
  section(node: Node | null, path: string): void {
    if (node === null || (isScalar(node) && node.value === null)) return
    const names = namesWithin.get(path) ?? []
    if (!isMap<Node, Node | null>(node)) {
      this.#refuse(node, `${path === '' ? 'the file' : path} must hold keys (${names.join(', ')}), each with its value`)
      return
    }
    for (const pair of node.items) this.#pair(pair, path, names)
  }

  #pair({ key, value }: Pair<Node, Node | null>, within: string, names: readonly string[]): void {
    const name = isScalar(key) ? String(key.value) : ''
    const path = within === '' ? name : `${within}.${name}`
    if (!names.includes(name)) {
      this.#refuse(key, `${hideSecretForms(path)} is no key${suggestion(name, names)}`)
    } else if (keysByPath.has(path)) {
      this.#value(path, key, value)
    } else {
      this.section(value, path)
    }
  }

  #value(path: string, key: Node, node: Node | null): void {
    const source = this.#sourceOf(node ?? key)
    let value: unknown
    try {
      value = node?.toJS(this.#document)
    } catch {
      // What is thrown quotes the alias, which may be a secret that begins with an asterisk.
      return this.#refuse(
        node ?? key,
        `${path} cannot be read: an alias (*name) in it leads to nothing, or to too much; put texts that begin with * in quotes`,
      )
    }
    this.given.push({
      path,
      value: value ?? null,
      source: this.#sourceOf(key),
      sourceOf: (inner) => {
        const found = this.#document.getIn([...path.split('.'), ...inner], true)
        return isScalar(found) ? this.#sourceOf(found) : source
      },
    })
  }

  #refuse(node: Node, what: string): void {
    this.problems.push(`${this.#name}:${this.#lineAt(node.range?.[0] ?? 0)}: ${what}`)
  }

  #sourceOf(node: Node): Source {
    return { kind: 'file', file: this.#name, line: this.#lineAt(node.range?.[0] ?? 0) }
  }
}

function untilQuote(message: string): string {
  return message
    .split(/[:"'`]/, 1)
    .join('')
    .trim()
}

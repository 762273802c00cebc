import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import type { MarkdownBlock } from './markdown-blocks.ts'

/** What a page shows as one program: a `ts` block and the `ts continues` blocks that go on from it. */
export interface DocProgram {
  /** `docs/getting-started.md:12` */
  readonly name: string
  readonly text: string
  /** What it prints, where the page says so in a `text output` block after it. */
  readonly output: string | null
}

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a reader imports from the package, here from its sources. */
const sources: ReadonlyMap<string, string> = new Map([
  ['hookline', 'src/index.ts'],
  ['hookline/verify', 'src/verify/index.ts'],
  ['hookline/machines', 'machines/index.ts'],
  ['hookline/testing', 'src/testing/index.ts'],
])

/** The programs of a page, in order. */
export function programsOf(page: string, blocks: readonly MarkdownBlock[]): DocProgram[] {
  const programs: { name: string; text: string; output: string | null }[] = []
  for (const { language, marks, text, line } of blocks) {
    const last = programs.at(-1)
    if (language === 'ts' && marks.length === 0) programs.push({ name: `${page}:${line}`, text, output: null })
    else if (marks.includes('continues') && last !== undefined) last.text += `\n${text}`
    else if (marks.includes('output') && last !== undefined) {
      last.output = last.output === null ? text : `${last.output}\n${text}`
    }
  }
  return programs
}

/** Programs as files, in a folder of their own. */
export class ProgramFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hookline-docs-'))
  readonly #files = new Map<string, string>()

  add({ name, text }: DocProgram): void {
    const file = join(this.#folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.mts`)
    writeFileSync(file, fromSources(text))
    this.#files.set(name, file)
  }

  /** What the compiler has to say about them, under the repository's own settings. */
  typeErrors(): string[] {
    const config = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path))
    const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, root)
    const files = [...this.#files.values()]
    const program = ts.createProgram(files, options)
    // The sources they import are checked by `npm run typecheck`.
    return files.flatMap((file) => {
      const source = program.getSourceFile(file)
      return ts.getPreEmitDiagnostics(program, source).map((diagnostic) => {
        const line = source?.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line ?? 0
        return `${file}:${line + 1} ${ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ')}`
      })
    })
  }

  /** Runs a program to its end; resolves with what it printed, rejects when it fails or takes longer than `limitMs`. */
  run(program: DocProgram, limitMs: number): Promise<string> {
    const file = this.#files.get(program.name) ?? ''
    return new Promise((resolve, reject) => {
      execFile(
        process.execPath,
        ['--import', 'tsx', file],
        { cwd: root, timeout: limitMs, killSignal: 'SIGKILL', env: { ...process.env, NODE_ENV: '' } },
        (error, stdout, stderr) => {
          if (error === null) resolve(stdout.trimEnd())
          else reject(new Error(`${program.name} failed${error.killed === true ? ', it did not end' : ''}:\n${stderr}`))
        },
      )
    })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

function fromSources(text: string): string {
  return text.replaceAll(/(?<=from ')(hookline[^']*)(?=')/g, (name) => {
    const source = sources.get(name)
    if (source === undefined) throw new Error(`a page imports '${name}', which the package does not give`)
    return join(root, source)
  })
}

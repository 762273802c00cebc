import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'
import { inject } from 'vitest'
import { builtProgram } from '../cli/run-program.ts'
import type { MarkdownBlock } from './markdown-blocks.ts'

/** What a page runs: a program, or commands of `hookline`, in the order in which the page has them. */
export interface DocStep {
  /** `program`: a `ts` block and the `ts continues` blocks that go on from it. `commands`: a `sh` block of `hookline …` lines. */
  readonly kind: 'program' | 'commands'
  /** `docs/getting-started.md:12` */
  readonly name: string
  readonly text: string
  /** What it prints, where the page says so in a `text output` block after it. */
  readonly output: string | null
  /** 0, or what a mark of the block says: `sh exits-1`. */
  readonly exitCode: number
}

/** A program of a page. */
export type DocProgram = DocStep & { readonly kind: 'program' }

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a reader imports from the package: the sources that its types come from. */
const sources: ReadonlyMap<string, string> = new Map([
  ['hookline', 'src/index.ts'],
  ['hookline/verify', 'src/verify/index.ts'],
  ['hookline/machines', 'machines/index.ts'],
  ['hookline/testing', 'src/testing/index.ts'],
  ['hookline/inspect', 'src/inspect/index.ts'],
  ['hookline/sqlite', 'src/sqlite/index.ts'],
  ['hookline/server', 'src/server/index.ts'],
])

const runnable: ts.CompilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 }

/** The programs of a page and its commands of `hookline`, in order. */
export function stepsOf(page: string, blocks: readonly MarkdownBlock[]): DocStep[] {
  const steps: { kind: DocStep['kind']; name: string; text: string; output: string | null; exitCode: number }[] = []
  for (const { language, marks, text, line } of blocks) {
    const last = steps.at(-1)
    const name = `${page}:${line}`
    if (language === 'ts' && marks.length === 0) steps.push({ kind: 'program', name, text, output: null, exitCode: 0 })
    else if (language === 'sh' && marks[0] !== 'serves' && text.startsWith('hookline ')) {
      const exitCode = Number(/^exits-(\d)$/.exec(marks[0] ?? '')?.[1] ?? 0)
      steps.push({ kind: 'commands', name, text, output: null, exitCode })
    } else if (marks.includes('continues') && last !== undefined) last.text += `\n${text}`
    else if (marks.includes('output') && last !== undefined) {
      last.output = last.output === null ? text : `${last.output}\n${text}`
    }
  }
  return steps
}

/** The programs of a page, in order. */
export function programsOf(page: string, blocks: readonly MarkdownBlock[]): DocProgram[] {
  return stepsOf(page, blocks).filter((step): step is DocProgram => step.kind === 'program')
}

/** Programs as files, in a folder of their own. What one of them writes, the commands after it can read. */
export class ProgramFolder {
  readonly #folder = mkdtempSync(join(tmpdir(), 'hookline-docs-'))
  readonly #files = new Map<string, string>()

  constructor() {
    // `hookline` as an installed package has it.
    const program = `#!/bin/sh\nexec "${process.execPath}" "${builtProgram}" "$@"\n`
    writeFileSync(join(this.#folder, 'hookline'), program, { mode: 0o755 })
  }

  add({ name, text }: DocProgram): void {
    const file = join(this.#folder, `${name.replaceAll(/[^a-z0-9]+/gi, '-')}.mts`)
    writeFileSync(
      file,
      importing(text, (module) => join(root, sourceOf(module))),
    )
    const { outputText } = ts.transpileModule(importing(text, builtModule), { compilerOptions: runnable })
    writeFileSync(runnableOf(file), outputText)
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

  /** Runs a step to its end; resolves with what it printed, rejects when it ends otherwise or takes longer than `limitMs`. */
  run(step: DocStep, limitMs: number): Promise<string> {
    const [command, args] =
      step.kind === 'program'
        ? [process.execPath, [runnableOf(this.#files.get(step.name) ?? '')]]
        : ['sh', ['-e', '-c', step.text]]
    const env = { ...process.env, NODE_ENV: '', NO_COLOR: '1', PATH: `${this.#folder}:${process.env['PATH'] ?? ''}` }
    return new Promise((resolve, reject) => {
      execFile(
        command,
        args,
        { cwd: this.#folder, timeout: limitMs, killSignal: 'SIGKILL', env },
        (error, stdout, stderr) => {
          if ((error?.code ?? 0) === step.exitCode) resolve(stdout.trimEnd())
          else reject(new Error(`${step.name} ${error?.killed === true ? 'did not end' : 'failed'}:\n${stderr}`))
        },
      )
    })
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** The program with other files behind the modules of the package. */
function importing(text: string, fileOf: (module: string) => string): string {
  return text.replaceAll(/(?<=from ')(hookline[^']*)(?=')/g, fileOf)
}

function sourceOf(module: string): string {
  const source = sources.get(module)
  if (source === undefined) throw new Error(`a page imports '${module}', which the package does not give`)
  return source
}

function builtModule(module: string): string {
  return join(inject('builtPackage'), `${module.split('/')[1] ?? 'index'}.mjs`)
}

function runnableOf(file: string): string {
  return file.replace(/\.mts$/, '.mjs')
}

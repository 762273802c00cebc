import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { openSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { freePort } from '../../bench/measure/free-port.ts'
import { secretOf } from './event-text.ts'
import { machineMs } from './machine-ms.ts'

const patienceMs = 20_000
const pauseMs = 5

/** What the server says of itself. */
export interface Figures {
  /** User and system time of all its threads, since it started. */
  readonly cpuSeconds: number
  readonly residentBytes: number
  readonly lagSeconds: number
}

/** `hookline serve` on a file, in a process that can be killed and started again. */
export class Served {
  readonly url: string
  /** An admin's. */
  readonly key: string
  readonly #cli: string
  readonly #folder: string
  readonly #environment: NodeJS.ProcessEnv
  #child: ChildProcess | null = null

  /** Makes the key; starts nothing yet. */
  static async make(cli: string, folder: string): Promise<Served> {
    return new Served(cli, folder, await freePort())
  }

  private constructor(cli: string, folder: string, port: number) {
    this.#cli = cli
    this.#folder = folder
    this.url = `http://127.0.0.1:${port}`
    const others = Object.entries(process.env).filter(([name]) => !name.startsWith('HOOKLINE_') && name !== 'NODE_ENV')
    const store = join(folder, 'hookline.db')
    this.#environment = { ...Object.fromEntries(others), HOOKLINE_STORE: store, HOOKLINE_PORT: String(port) }
    const make = [cli, 'keys', 'create', 'load', '--role', 'admin', '--store', store]
    this.key = execFileSync(process.execPath, make, {
      cwd: folder,
      env: this.#environment,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim()
  }

  /** Resolves with how long it took until it said that it is ready. @throws Error when it ends or never says so */
  async start(): Promise<number> {
    const begun = machineMs()
    const output = openSync(join(this.#folder, 'serve.log'), 'a')
    const child = spawn(process.execPath, [this.#cli, 'serve'], {
      cwd: this.#folder,
      env: this.#environment,
      stdio: ['ignore', output, output],
    })
    this.#child = child
    const endToo = (): void => void child.kill('SIGKILL')
    process.once('exit', endToo)
    child.once('exit', () => process.off('exit', endToo))
    while (machineMs() - begun < patienceMs && child.exitCode === null) {
      if (await this.#isReady()) return machineMs() - begun
      await wait(pauseMs)
    }
    throw new Error(`hookline serve did not become ready; what it said is in ${join(this.#folder, 'serve.log')}`)
  }

  async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    const child = this.#child
    if (child?.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
  }

  /** Registers an endpoint for each path `/0`, `/1`, … of the receiver. */
  async addEndpoints(receiverPort: number, count: number): Promise<string[]> {
    const ids: string[] = []
    for (let endpoint = 0; endpoint < count; endpoint++) {
      const webhook = { url: `http://127.0.0.1:${receiverPort}/${endpoint}`, secret: secretOf(endpoint) }
      const answer = await this.#fetch('/api/v1/webhooks', { method: 'POST', body: JSON.stringify(webhook) })
      if (answer.status !== 201) throw new Error(`a webhook was answered ${answer.status}: ${await answer.text()}`)
      ids.push(((await answer.json()) as { id: string }).id) // the API's own form
    }
    return ids
  }

  async figures(): Promise<Figures> {
    const text = await (await this.#fetch('/metrics', {})).text()
    const figure = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
    return {
      cpuSeconds: figure('process_cpu_seconds_total'),
      residentBytes: figure('process_resident_memory_bytes'),
      lagSeconds: figure('webhook_lag_seconds'),
    }
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).ok
    } catch {
      return false
    }
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' }
    return fetch(`${this.url}${path}`, { ...init, headers })
  }
}

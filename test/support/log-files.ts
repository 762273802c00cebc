import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { exportJsonl } from '../../src/log/jsonl.ts'
import { RecordedLog } from '../../src/recorded/recorded-log.ts'
import type { OpenOptions } from '../../src/recorded/recorded-log.ts'
import type { WebhookService } from '../../src/webhook-service.ts'

/** A folder for one test, removed when that is over. */
function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A file of one test with this content. */
export function writeLogFile(content: string | Uint8Array): string {
  const path = join(temporaryFolder(), 'log.jsonl')
  writeFileSync(path, content)
  return path
}

/** What a service exports, as a file's content. */
export function exported({ log }: Pick<WebhookService, 'log'>): string {
  return Array.from(exportJsonl(log), (line) => `${line}\n`).join('')
}

/** A recorded log with this content, closed when the test is over. */
export async function openLog(content: string | Uint8Array, options?: OpenOptions): Promise<RecordedLog> {
  const log = await RecordedLog.open(writeLogFile(content), options)
  onTestFinished(() => log.close())
  return log
}

import type { Rig } from '../rig.ts'
import type { ServiceProcess } from '../service-process.ts'

export type Start =
  /** From the start of the process, and from the opening of the file. */
  | { readonly type: 'ready'; readonly readyMs: number; readonly openingMs: number }
  | { readonly type: 'notOpened'; readonly reason: string | null; readonly text: string }
  | { readonly type: 'died' }

/** Waits for a life to start, looks at who came back, and asks again for what nobody knows of. */
export async function takeUp(rig: Rig, service: ServiceProcess): Promise<Start> {
  const startedAtMs = performance.now()
  const notice = await service.started
  if (notice === null) return { type: 'died' }
  if (notice.type === 'notOpened') {
    const { code, reason, message } = notice
    return { type: 'notOpened', reason, text: `the file was not opened: ${message} (${code}, ${String(reason)})` }
  }
  const readyMs = performance.now() - startedAtMs
  await rig.load.takeUp(service, notice.endpoints)
  return { type: 'ready', readyMs, openingMs: notice.openingMs }
}

// The real program in processes of its own, ended when the test is over.
import { onTestFinished } from 'vitest'
import { startHookline } from '../../cli/run-program.ts'
import { startService, type RunningService } from '../../cli/serve/running-service.ts'
import { secret } from './start-system.ts'

/** `hookline serve` over the log in the folder. */
export async function startServe(folder: string, args: readonly string[] = []): Promise<RunningService> {
  const service = await startService(folder, args)
  onTestFinished(async () => {
    service.process.kill('SIGKILL')
    await service.ended
  })
  return service
}

/** `hookline receive` on a free port; gives its URL. */
export function startReceive(args: readonly string[] = []): Promise<string> {
  const child = startHookline(['receive', '--port', '0', '--secret', secret, ...args])
  onTestFinished(() => void child.kill('SIGKILL'))
  let noted = ''
  return new Promise((resolve, reject) => {
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      noted += text
      const [url] = /http:\S+(?=,)/.exec(noted) ?? []
      if (url !== undefined) resolve(url)
    })
    child.on('close', () => reject(new Error(`hookline receive ended:\n${noted}`)))
  })
}

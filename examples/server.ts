import { createWebhookService } from '../src/index.ts'
import { createServer, fileKeys, issueKey } from '../src/server/index.ts'
import { sqliteLog } from '../src/sqlite/index.ts'

const path = process.argv[2] ?? 'webhooks.db'
const webhooks = createWebhookService({ log: sqliteLog(path) })

const keys = fileKeys(`${path}.keys.json`)
if (keys.empty) {
  const { text } = await issueKey(keys, { name: 'ops', role: 'admin' })
  console.log(`the key, shown this once: ${text}`)
}

const server = createServer(webhooks, { keys })
const { url } = await server.listen({ port: Number(process.argv[3] ?? 3080) })
console.log(`the API is at ${url}, its description at ${url}/docs`)

const end = async (): Promise<void> => {
  server.retire() // not ready from now on
  await webhooks.shutdown()
  await server.close()
}
process.once('SIGTERM', () => void end())

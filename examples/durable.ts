import { createWebhookService } from '../src/index.ts'
import { sqliteLog } from '../src/sqlite/index.ts'

const url = process.argv[2] ?? 'http://127.0.0.1:3000/webhooks'
const webhooks = createWebhookService({ log: sqliteLog(process.argv[3] ?? 'webhooks.db') })

const known = webhooks.listEndpoints()[0]?.id // registered by an earlier run
const shop = known ?? webhooks.registerEndpoint(url, 'a secret that only the shop and you know')

const order = { id: 'pay_2', amount: 1990, currency: 'EUR' }
const payment = webhooks.submitEvent(shop, 'payment.succeeded', order, { idempotencyKey: order.id })
await webhooks.flush() // on the disk: from here on `kill -9` loses nothing
console.log(`${payment} is safe`)

await webhooks.drain()
await webhooks.shutdown() // closes the file

import { createWebhookService } from '../src/index.ts'

const url = process.argv[2] ?? 'http://127.0.0.1:3000/webhooks'
const webhooks = createWebhookService()
const shop = webhooks.registerEndpoint(url, 'a secret that only the shop and you know')

webhooks.on('attemptFailed', ({ eventId, attempt, failure, retryAt }) => {
  console.log(`${eventId} attempt ${attempt}: ${failure.message}; again: ${retryAt ?? 'never'}`)
})

const payment = webhooks.submitEvent(shop, 'payment.succeeded', { id: 'pay_1', amount: 4990, currency: 'EUR' })
const refund = webhooks.submitEvent(shop, 'refund.created', { id: 're_1', payment: 'pay_1', amount: 990 })
console.log(webhooks.explain(refund).text) // behind event evt_…, which is pending after 0 attempts

await webhooks.drain() // until every event is delivered or given up
console.log(webhooks.getEventStatus(payment))
// { status: 'delivered', attempts: 1, lastError: null, deliveredAt: '2026-11-22T09:30:00.000Z' }

await webhooks.shutdown()

/** What a payment platform has to tell a shop. */
export interface PaymentEvent {
  readonly type: 'payment.succeeded' | 'refund.created' | 'dispute.opened'
  readonly payload: Readonly<Record<string, unknown>>
}

const currencies = ['EUR', 'USD', 'GBP', 'JPY'] as const
const methods = [
  { type: 'card', brand: 'visa', last4: '4242' },
  { type: 'card', brand: 'mastercard', last4: '4444' },
  { type: 'sepa_debit', bank: 'COBADEFFXXX', last4: '3000' },
  { type: 'wallet', wallet: 'apple_pay' },
] as const
const firstPaymentMs = Date.parse('2026-11-22T09:00:00.000Z')

/** A shop's `number`th event, from 1: mostly payments, each fourth a refund, each ninth a dispute of what came before. */
export function paymentEvent(shop: string, number: number): PaymentEvent {
  const created = new Date(firstPaymentMs + number * 1_700).toISOString()
  const paymentOf = (n: number) => `pay_${shop}_${String(n).padStart(4, '0')}`
  const amount = 990 + ((number * 7_919) % 25_000)
  const currency = currencies[number % currencies.length]
  if (number % 9 === 0) {
    const dispute = { id: `dp_${number}`, payment: paymentOf(number - 1), reason: 'product_not_received' }
    return { type: 'dispute.opened', payload: { ...dispute, amount, currency, evidence_due_by: created, created } }
  }
  if (number % 4 === 0) {
    const refund = { id: `re_${number}`, payment: paymentOf(number - 1), reason: 'requested_by_customer' }
    return { type: 'refund.created', payload: { ...refund, amount, currency, created } }
  }
  const customer = { id: `cus_${(number * 31) % 997}`, email: `buyer${number}@example.com`, country: 'DE' }
  const method = methods[number % methods.length]
  return {
    type: 'payment.succeeded',
    payload: { id: paymentOf(number), amount, currency, method, customer, captured: true, created },
  }
}

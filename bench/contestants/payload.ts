export const eventType = 'payment.succeeded'

/** A payment of about 450 bytes of JSON. No two are the same. */
export function payload(number: number): object {
  return {
    id: `pay_${String(number).padStart(12, '0')}`,
    amount: 129_900 + (number % 1000),
    currency: 'EUR',
    status: 'succeeded',
    createdAt: '2026-01-31T12:00:00.000Z',
    livemode: true,
    customer: {
      id: `cus_${String(number % 100_000).padStart(8, '0')}`,
      email: 'ada.lovelace@merchant.example',
      name: 'Ada Lovelace',
      country: 'GB',
    },
    paymentMethod: { type: 'card', brand: 'visa', last4: '4242', expiresMonth: 11, expiresYear: 2029 },
    metadata: { orderId: `order-${number}`, cart: 'a3f1c9e07b5d', channel: 'web', locale: 'en-GB' },
  }
}

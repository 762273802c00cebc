// What is submitted, made from its number alone: so the receiver knows each byte of what it must get.

/** The key of the signatures of an endpoint. */
export function secretOf(endpoint: number): string {
  return `load-test-secret-of-endpoint-${String(endpoint).padStart(5, '0')}`
}

/** About 450 bytes. JSON that would not be the same again after a parse and a stringify. */
export function payloadText(number: number): string {
  return (
    `{"number":${number}, "amount": 49.90, "rate": 1e2, "id":9007199254740993,"name":"Zo\\u00eb – Jürgen \\/ 東京",\n` +
    `  "items":[{"sku":"A-${number}","count":1.0},{"sku":"B-${number}","count":2.50}], "__proto__":{"kept":true},` +
    `"note":"${'a line of a note that someone has written about it; '.repeat(4)}"}`
  )
}

/** The number in a body; null when there is none where it must be. */
export function numberIn(body: string): number | null {
  const [, digits] = /^\{"number":(\d{1,9}),/.exec(body) ?? []
  return digits === undefined ? null : Number(digits)
}

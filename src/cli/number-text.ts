export function numberText(value: number): string {
  return value.toLocaleString('en-US')
}

/** `1 record`, `1,200 records`. */
export function countText(count: number, what: string): string {
  return `${numberText(count)} ${what}${count === 1 ? '' : 's'}`
}

import { domainToASCII } from 'node:url'

const namePattern = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/

/** `domainToASCII` reads its argument as a URL would: of `a.example/16` it would keep `a.example`, of `a@b.example` the rest. */
const otherPartOfUrl = /[\s/\\?#@:%]/

/** A set of host names: exact ones, and `*.suffix` for every name below a suffix (not the suffix itself). */
export class HostList {
  private readonly names = new Set<string>()
  private readonly suffixes: string[] = []

  /** Adds `hooks.example` or `*.example`; false when the text is neither. */
  add(text: string): boolean {
    if (otherPartOfUrl.test(text)) return false
    const wildcard = text.startsWith('*.')
    const name = canonicalHost(domainToASCII(wildcard ? text.slice(2) : text))
    if (name.length > 253 || !namePattern.test(name)) return false
    if (wildcard) this.suffixes.push(`.${name}`)
    else this.names.add(name)
    return true
  }

  has(hostname: string): boolean {
    const name = canonicalHost(hostname)
    return this.names.has(name) || this.suffixes.some((suffix) => name.endsWith(suffix))
  }
}

/** One spelling per name: lower case, without the dot that ends an absolute name. */
function canonicalHost(hostname: string): string {
  const lower = hostname.toLowerCase()
  return lower.endsWith('.') ? lower.slice(0, -1) : lower
}

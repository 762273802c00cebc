import { pagePolicy, securityHeaders } from '../../browser/security-headers.ts'

/** The viewer's page makes markup of no text. */
const viewerPolicy = `${pagePolicy}; require-trusted-types-for 'script'`

/** The headers of every answer. */
export function viewerHeaders(policy = viewerPolicy): Readonly<Record<string, string>> {
  return securityHeaders(policy)
}

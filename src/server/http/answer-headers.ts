import { securityHeaders } from '../../browser/security-headers.ts'

/** The headers of every answer. An answer of the API is data: whatever a browser makes of it may load and run nothing. */
export const answerHeaders = securityHeaders("default-src 'none'; frame-ancestors 'none'")

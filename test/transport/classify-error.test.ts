import { errors } from 'undici'
import { describe, expect, it } from 'vitest'
import { classifyError } from '../../src/transport/classify-error.ts'
import { ConnectError, type ConnectStage } from '../../src/transport/connect-error.ts'

const coded = (code: string) => Object.assign(new Error(`${code} 10.0.0.7:6379 secret`), { code })

describe('before there is a connection, nothing was sent', () => {
  it.each<[ConnectStage, string | null, string, string]>([
    ['egress', null, 'egress_blocked', 'the egress policy forbids this address'],
    ['dns', 'ENOTFOUND', 'dns', 'no address for the host name'],
    ['tcp', 'ECONNREFUSED', 'connect', 'connection refused'],
    ['tcp', 'ENETUNREACH', 'connect', 'network unreachable'],
    ['tcp', 'EWHATEVER', 'connect', 'no connection'],
    ['tls', 'ECONNRESET', 'tls', 'the TLS handshake did not finish'],
    ['tls', 'ERR_SSL_WRONG_VERSION_NUMBER', 'tls', 'the TLS handshake failed: ERR_SSL_WRONG_VERSION_NUMBER'],
    ['tls', 'CERT_HAS_EXPIRED', 'tls', 'certificate refused: CERT_HAS_EXPIRED'],
    ['tls', 'ERR_TLS_CERT_ALTNAME_INVALID', 'tls', 'certificate refused: ERR_TLS_CERT_ALTNAME_INVALID'],
    ['tls', 'strange <b>code</b>', 'tls', 'the TLS handshake failed'],
  ])('%s %s', (stage, code, reason, message) => {
    const error = new ConnectError(stage, code === null ? undefined : coded(code))
    expect(classifyError(error, false)).toEqual({ kind: 'failed', reason, message, reach: 'notSent' })
  })
})

describe('with a connection, the request may have arrived once it was written', () => {
  it.each([
    [coded('ECONNRESET'), 'reset'],
    [coded('EPIPE'), 'reset'],
    [new errors.SocketError('other side closed'), 'reset'],
    [new errors.SocketError('bad upgrade'), 'protocol'],
    [new errors.HTTPParserError('secret'), 'protocol'],
    [new errors.HeadersOverflowError(), 'protocol'],
    [new errors.ResponseContentLengthMismatchError(), 'protocol'],
    [coded('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'), 'tls'],
    [new Error('something new at 10.0.0.7, secret'), 'reset'],
    ['not even an error', 'reset'],
  ])('%s', (error, reason) => {
    const failure = classifyError(error, true)
    expect(failure).toMatchObject({ reason, reach: 'unknown' })
    expect(failure.message).not.toMatch(/secret|10\.0\.0\.7|\n/)
    expect(classifyError(error, false).reach).toBe('notSent')
  })
})

it('says of a request that cannot be written that nothing was sent', () => {
  const error = new errors.InvalidArgumentError('invalid request path')
  const message = 'the request cannot be put on the wire: invalid request path'
  expect(classifyError(error, false)).toEqual({ kind: 'failed', reason: 'invalid_request', message, reach: 'notSent' })
})

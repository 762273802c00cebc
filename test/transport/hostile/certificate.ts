import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A key and a certificate that vouches for itself; both PEM. */
export interface Certificate {
  readonly key: string
  readonly cert: string
}

/** @param names whom it is for, as OpenSSL writes them */
export function makeCertificate(names: readonly string[] = ['DNS:hooks.test', 'IP:127.0.0.1']): Certificate {
  const folder = mkdtempSync(join(tmpdir(), 'hookline-certificate-'))
  try {
    const [key, cert] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
    const kind = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']
    const subject = ['-subj', '/CN=hooks.test', '-addext', `subjectAltName=${names.join(',')}`]
    execFileSync('openssl', [...kind, ...subject, '-keyout', key, '-out', cert], { stdio: 'ignore' })
    return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

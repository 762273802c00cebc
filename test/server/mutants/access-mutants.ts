// Who is let in, to what, and what of others it sees.
import { mutant } from './mutant.ts'
import type { Mutant } from './mutant.ts'

const authenticator = 'server/keys/create-authenticator.ts'
const failures = 'server/keys/failure-limit.ts'
const ownRequests = 'server/http/own-requests.ts'
const tenancy = 'server/keys/tenancy.ts'

export const accessMutants: readonly Mutant[] = [
  mutant('keys: whoever knows the id is let in', 'server/keys/authenticator', [
    authenticator,
    'return isRight ? key : undefined',
    'return isRight ? key : key',
  ]),
  mutant('keys: they are compared letter by letter', 'house/constant-time', [
    authenticator,
    'constantTimeEqual(hashSecret(parts.secret), key?.secretHash ?? nobodysHash)',
    'hashSecret(parts.secret) === (key?.secretHash ?? nobodysHash)',
  ]),
  mutant('keys: kept as they are', 'server/keys/authenticator', [
    'server/keys/key-text.ts',
    '  return digestOnce === undefined\n',
    "  if (secret !== '') return secret\n  return digestOnce === undefined\n",
  ]),
  mutant('keys: a revoked one lets in', 'server/keys/authenticator', [
    authenticator,
    'if (revokedAt !== null) return',
    "if (revokedAt === '') return",
  ]),
  mutant('keys: those of an inactive tenant let in', 'server/keys/authenticator', [
    authenticator,
    '?.active === false)',
    '?.active === null)',
  ]),
  mutant('keys: revoking the last one lets everyone in', 'server/keys/authenticator', [
    'server/keys/key-ring.ts',
    'return this.#keys.size === 0',
    'return !this.list().some(isValid)',
  ]),
  mutant('keys: the list shows their hashes', 'server/routes/keys', [
    'server/keys/shown-key.ts',
    '({ id, name, role, tenantId, createdAt, revokedAt }: StoredKey): ShownKey {\n  return { id, name, role, tenantId, createdAt, revokedAt }',
    '(key: StoredKey): ShownKey {\n  return key',
  ]),
  mutant('keys: the first may be one that can make no other', 'server/routes/keys', [
    'server/routes/key-routes.ts',
    'if (keys.empty && (',
    'if (keys === null && (',
  ]),
  mutant('keys: as many as anyone likes', 'server/keys/key-ring', [
    'server/keys/key-ring.ts',
    '>= mostKeys',
    '>= Infinity',
  ]),
  mutant('keys: revoked ones are kept for ever', 'server/keys/key-ring', [
    'server/keys/key-ring.ts',
    'revoked.slice(0, -mostRevoked)',
    'revoked.slice(0, 0)',
  ]),
  mutant('key file: others may read it', 'server/keys/file-keys', [
    'server/keys/file/replace-file.ts',
    "'wx', 0o600",
    "'wx', 0o644",
  ]),
  mutant(
    'key file: two who change it at once lose a key',
    'server/keys/file-keys',
    ['server/keys/file/file-lock.ts', 'while (!tryLock(path, token)) {', 'while (path === token) {'],
    ['server/keys/file/file-lock.ts', 'if (readLock(path) !== token) throw inUse(path)', ''],
  ),
  mutant('key file: one that is gone lets everyone in', 'server/keys/file-keys', [
    'server/keys/file-keys.ts',
    'if (file.ring === null && this.#hadKeys) throw gone(this.#path)',
    'if (file.ring === null) this.#hadKeys = false',
  ]),
  mutant('key file: what another process revoked goes on letting in', 'server/keys/file-keys', [
    'server/keys/file-keys.ts',
    '>= lookEveryMs) this.#look()',
    '< 0) this.#look()',
  ]),
  mutant('wrong keys: as many as anyone likes of one address', 'server/keys/authenticator', [
    failures,
    'if (!bucket.take()) return bucket.waitMs',
    'bucket.take()',
  ]),
  mutant('wrong keys: as many as anyone likes of all addresses', 'server/keys/authenticator', [
    failures,
    'return this.#overall.take() ? 0 : this.#overall.waitMs',
    'return 0',
  ]),
  mutant('wrong keys: each address of a network of IPv6 counts for itself', 'server/keys/authenticator', [
    failures,
    'if (!isIPv6(plain)) return plain',
    'if (plain !== undefined) return plain',
  ]),
  mutant('wrong keys: addresses are remembered without bound', 'server/keys/authenticator', [
    failures,
    '> mostAddresses',
    '> Infinity',
  ]),
  mutant('wrong keys: 429 does not say when to come again', 'server/http/access', [
    'server/http/gate.ts',
    "{ headers: { 'retry-after': `${seconds}` } }",
    '{}',
  ]),
  mutant('no key: any Host is served', 'server/http/access', [ownRequests, '|| !ownHost.test(host)) throw', ') throw']),
  mutant('no key: what a proxy sends on is served', 'server/http/access', [
    ownRequests,
    'proxyHeaders.some(',
    'proxyHeaders.every(',
  ]),
  mutant('no key: pages of other origins are served', 'server/http/access', [
    ownRequests,
    'if (isForeign || isOfOtherSite(headers))',
    'if (isOfOtherSite(headers))',
  ]),
  mutant('no key: scripts and pictures in pages of other sites are served', 'server/http/access', [
    ownRequests,
    'if (isForeign || isOfOtherSite(headers))',
    'if (isForeign)',
  ]),
  mutant('no key: it listens to other machines', 'server/http/access', [
    'server/http/http-app.ts',
    'if (this.#context.keys.empty && !isLoopback(host))',
    'if (host === undefined)',
  ]),
  mutant('no key: a server that listens to others lets them in', 'server/http/access', [
    'server/http/gate.ts',
    'if (this.#authenticator.open && !this.#isLocal())',
    'if (this.#authenticator === null)',
  ]),
  mutant('roles: every one may do everything', 'server/http/access', [
    'server/keys/may-call.ts',
    'return access.roles.includes(caller.role)',
    'return true',
  ]),
  mutant("roles: a tenant may do what is the platform's", 'server/http/access', [
    'server/keys/may-call.ts',
    "if (access.scope === 'platform' && caller.tenantId !== null) return false",
    '',
  ]),
  mutant('routes: the figures are for everyone', 'server/keys/route-access', [
    'server/metrics/metrics-route.ts',
    "access: { roles: ['admin', 'reader'], scope: 'platform' },",
    "access: 'public',",
  ]),
  mutant('routes: tenants make keys', 'server/keys/route-access', [
    'server/routes/key-routes.ts',
    "scope: 'platform' }",
    "scope: 'tenant' }",
  ]),
  mutant('routes: readers submit', 'server/keys/route-access', [
    'server/routes/event-routes.ts',
    "roles: ['admin', 'publisher']",
    "roles: ['admin', 'publisher', 'reader']",
  ]),
  mutant("tenants: they read each other's webhooks", 'server/routes/tenancy', [
    tenancy,
    'if (caller.tenantId === null || endpoint.tenantId === caller.tenantId) return endpoint',
    'if (caller !== null) return endpoint',
  ]),
  mutant("tenants: they read each other's deliveries", 'server/routes/tenancy', [
    tenancy,
    'if (seesEndpoint(caller, event.endpointId)) return event',
    'if (caller !== null) return event',
  ]),
  mutant("tenants: the events of a removed webhook are everyone's", 'server/routes/tenancy', [
    tenancy,
    'tenantOf(service, endpointId) === caller.tenantId',
    '[undefined, caller.tenantId].includes(tenantOf(service, endpointId))',
  ]),
  mutant("tenants: another's webhook is a filter of deliveries", 'server/routes/tenancy', [
    'server/routes/event-list.ts',
    'return sees(endpointId) ? [endpointId] : []',
    'return [endpointId]',
  ]),
  mutant("tenants: they list each other's deliveries", 'server/routes/tenancy', [
    'server/routes/event-list.ts',
    'return caller.tenantId === null ? undefined : sees',
    'return undefined',
  ]),
  mutant("tenants: they list each other's webhooks", 'server/routes/tenancy', [
    'server/routes/webhook-routes.ts',
    'const isOther = tenantId !== undefined && caller.tenantId !== null && caller.tenantId !== tenantId',
    'const isOther = false',
  ]),
  mutant('tenants: they make webhooks for each other', 'server/routes/tenancy', [
    'server/routes/webhook-routes.ts',
    "throw badField('/tenantId', 'must be left out, or be your own')",
    'return given',
  ]),
  mutant('tenants: they give webhooks to each other', 'server/routes/tenancy', [
    'server/routes/webhook-routes.ts',
    'if (body.tenantId !== undefined) tenantOf(caller, body.tenantId)',
    '',
  ]),
  mutant("tenants: they publish to each other's webhooks", 'server/routes/tenancy', [
    'server/routes/webhook-ids.ts',
    'tenantId: tenantId ?? undefined, subscribedTo',
    'tenantId: undefined, subscribedTo',
  ]),
  mutant('tenants: their totals are those of all', 'server/routes/tenancy', [
    'server/routes/stats-routes.ts',
    'caller.tenantId === null ? ofService(',
    'caller !== null ? ofService(',
  ]),
  mutant("tenants: they redeliver each other's dead letters", 'server/routes/tenancy', [
    'server/routes/dead-letter-routes.ts',
    'const event = context.tenancy.event(caller, id)',
    'const event = context.tenancy.event({ ...caller, tenantId: null }, id)',
  ]),
]

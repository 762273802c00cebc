import { StatefulSet } from 'kubernetes-models/apps/v1'
import { Service } from 'kubernetes-models/v1'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { routeTable } from '../../src/server/routes/route-table.ts'
import { version } from '../../src/version.ts'
import { deployFile } from './deploy-file.ts'

const documents = parseAllDocuments(deployFile('kubernetes.yaml'))
const [service, set] = documents.map((document) => document.toJSON() as unknown)
const statefulSet = new StatefulSet(set as ConstructorParameters<typeof StatefulSet>[0])
const pod = statefulSet.spec!.template.spec!
const [container] = pod.containers

test('is what the schemas of Kubernetes say', () => {
  expect(documents).toHaveLength(2)
  expect(() => new Service(service as ConstructorParameters<typeof Service>[0]).validate()).not.toThrow()
  expect(() => statefulSet.validate()).not.toThrow()
})

test('runs one service of this version on one volume: two would want the same store', () => {
  expect(statefulSet.spec!.replicas).toBe(1)
  expect(container!.image).toBe(`hookline:${version}`)
  expect(container!.args).toEqual(['serve'])
  const claims = statefulSet.spec!.volumeClaimTemplates!.map(({ metadata }) => metadata!.name)
  const volumes = [...claims, ...pod.volumes!.map(({ name }) => name)]
  expect(container!.volumeMounts!.map(({ name }) => name)).toEqual(volumes)
  expect(deployFile('Dockerfile')).toContain(`VOLUME ${container!.volumeMounts![0]!.mountPath}\n`)
})

test('asks whether it lives and whether it is ready, where it listens', () => {
  const paths = [container!.startupProbe, container!.livenessProbe, container!.readinessProbe].map(
    (probe) => probe!.httpGet!.path,
  )
  expect(paths).toEqual(['/health/live', '/health/live', '/health/ready'])
  const open = routeTable.filter(({ access }) => access === 'public').map(({ path }) => path)
  expect(open).toEqual(expect.arrayContaining(paths))
  expect(container!.ports).toEqual([{ name: 'http', containerPort: 3080 }])
})

test('runs as nobody in particular, and may write nowhere but to its volume', () => {
  expect(pod.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 1000, fsGroup: 1000 })
  expect(container!.securityContext).toMatchObject({
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'] },
  })
  expect(pod.automountServiceAccountToken).toBe(false)
})

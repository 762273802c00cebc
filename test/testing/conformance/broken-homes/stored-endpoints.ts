import type { StoredEndpoints } from '../../../../src/log/stored-endpoints.ts'
import type { LogFactory } from '../../../../src/testing/index.ts'
import { broken, withBroken } from '../broken-home.ts'
import type { BrokenHome } from '../broken-home.ts'

function brokenEndpoints(breaks: (endpoints: StoredEndpoints) => Partial<StoredEndpoints>): LogFactory {
  return broken((home) => ({ storedEndpoints: withBroken(home.storedEndpoints, breaks(home.storedEndpoints)) }))
}

export const storedEndpoints: readonly BrokenHome[] = [
  [
    'stored endpoints come back in the order of registration, with everything that was put',
    'by their ids',
    brokenEndpoints((stored) => ({
      all: () => [...stored.all()].sort((one, other) => (one.endpointId < other.endpointId ? -1 : 1)),
    })),
  ],
  [
    'stored endpoints come back in the order of registration, with everything that was put',
    'only with the current secret',
    brokenEndpoints((stored) => ({
      put: (endpoint, at) => stored.put({ ...endpoint, secrets: endpoint.secrets.slice(0, 1) }, at),
    })),
  ],
  [
    'a stored endpoint that is put again is changed, and keeps its place',
    'it goes to the end',
    brokenEndpoints((stored) => ({
      put: (endpoint, at) => {
        stored.remove(endpoint.endpointId, at)
        stored.put(endpoint, at)
      },
    })),
  ],
  [
    'a stored endpoint that is removed is gone, and one put under its id later is new',
    'it stays',
    brokenEndpoints(() => ({ remove: () => undefined })),
  ],
  [
    'what is put and removed is numbered among the records, and is none of events',
    'it has no number',
    brokenEndpoints(() => ({ put: () => undefined, remove: () => undefined, all: () => [] })),
  ],
]

// What becomes of a file that version 1 has written: it has no types and times in its index.
import { expect, test } from 'vitest'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { createEngine } from '../support/start-engine.ts'
import { freshPath, openHome, tamper, verifyPath } from '../support/sqlite-files.ts'

const toVersion1 = `
  ALTER TABLE events DROP COLUMN type;
  ALTER TABLE events DROP COLUMN submitted_at;
  ALTER TABLE counters DROP COLUMN last_evicted;
  PRAGMA user_version = 1;
`

test.each(availableDriverNames)(
  'a file of version 1 is brought to the latest, and lists all that is in it, with %s',
  async (driver) => {
    const path = freshPath()
    const first = createEngine({ log: openHome(path, { driver }) })
    const id = first.register({ id: 'ep_shop', ordering: 'none' })
    const old = ['a.b', 'b', 'a.b'].map((type) => first.service.submitEvent(id, type, 1))
    await first.service.flush()
    await first.quiet()
    await first.stop()
    tamper(path, toVersion1)

    const second = createEngine({
      log: openHome(path, { driver }),
      ids: { endpointId: () => 'ep_x', eventId: () => 'evt_new' },
    })
    second.register({ id: 'ep_shop', ordering: 'none' })
    const added = second.service.submitEvent('ep_shop', 'a.b', 1)
    await second.service.flush()
    const listed = (eventTypes: string[]): string[] =>
      second.service
        .listEvents({ eventTypes, order: 'oldest', submittedAfter: '2000-01-01' })
        .events.map((event) => event.id)
    expect(listed(['a.*'])).toEqual([old[0], old[2], added])
    expect(listed(['b'])).toEqual([old[1]])
    expect(second.service.listEvents({ submittedBefore: '2000-01-01' })).toEqual({ events: [], nextCursor: null })
    await second.stop()
    expect(verifyPath(path)).toMatchObject({ faultCount: 0, events: 4 })
  },
)

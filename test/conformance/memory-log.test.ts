import { memoryLog } from '../../src/log/memory-log.ts'
import { testLog } from '../support/conformance-cases.ts'

const lost = 'a log in memory ends with its process'

testLog('a log in memory', {
  open: memoryLog,
  skip: {
    afterCommit: lost,
    storedEvents: lost,
    storedEndpoints: lost,
    close: 'a log in memory has nothing to let go of',
  },
})

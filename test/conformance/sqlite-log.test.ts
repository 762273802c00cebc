import { testLog } from '../support/conformance-cases.ts'
import { availableDriverNames } from '../support/sqlite-drivers.ts'
import { sqliteLogFactory } from '../support/sqlite-log-factory.ts'

for (const driver of availableDriverNames) testLog(`a log in a SQLite file, by ${driver}`, sqliteLogFactory(driver))

// Opens a log's file, says so, and holds it until its input ends or it is killed.
import type { DriverName } from '../../../src/sqlite/driver/database.ts'
import { openLogFile } from '../../../src/sqlite/open-file.ts'

const [path, driver, busyTimeoutMs] = process.argv.slice(2)
// A cast because the parent names one that this Node has.
const file = openLogFile(path!, { driver: driver as DriverName, busyTimeoutMs: Number(busyTimeoutMs) })
file.database.exec(`UPDATE counters SET submitted = 7`)
process.stdout.write('open\n')
process.stdin.resume().on('end', () => file.close())

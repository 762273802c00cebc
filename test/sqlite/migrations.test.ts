import { describe, expect, it } from 'vitest'
import { DatabaseError } from '../../src/sqlite/driver/database.ts'
import { migrate } from '../../src/sqlite/migrations.ts'
import { readPragma } from '../../src/sqlite/pragmas.ts'
import { availableDrivers } from '../support/sqlite-drivers.ts'

describe.each(availableDrivers)('migrations, with $name', (driver) => {
  const steps = ['CREATE TABLE a (x INT); INSERT INTO a VALUES (1)', 'INSERT INTO a VALUES (2)']

  it('are each done once, in their order', () => {
    const database = driver.open(':memory:', { readOnly: false })
    migrate(database, steps.slice(0, 1))
    migrate(database, steps)
    migrate(database, steps)
    expect(database.prepare('SELECT x FROM a').all()).toEqual([{ x: 1 }, { x: 2 }])
    expect(readPragma(database, 'user_version')).toBe(2)
    database.close()
  })

  it('leave nothing of a step that failed halfway, and what came before it done', () => {
    const database = driver.open(':memory:', { readOnly: false })
    expect(() =>
      migrate(database, [...steps.slice(0, 1), 'INSERT INTO a VALUES (7); INSERT INTO b VALUES (1)']),
    ).toThrow(DatabaseError)
    expect(database.prepare('SELECT x FROM a').all()).toEqual([{ x: 1 }])
    expect(readPragma(database, 'user_version')).toBe(1)
    migrate(database, steps)
    expect(readPragma(database, 'user_version')).toBe(2)
    database.close()
  })
})

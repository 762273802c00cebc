// Writes the generated parts of docs/states.md: `npm run diagrams`, after every change of a machine.
import { readFileSync, writeFileSync } from 'node:fs'
import { format, resolveConfig } from 'prettier'
import { withDiagrams } from './diagram-page.ts'

const path = 'docs/states.md'
const page = withDiagrams(readFileSync(path, 'utf8'))
writeFileSync(path, await format(page, { ...(await resolveConfig(path)), filepath: path }))

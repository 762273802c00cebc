// Loaded into a program before its own code: when it ends, the most memory it ever held stands in a file beside it.
import { writeFileSync } from 'node:fs'

process.once('exit', () => {
  const kibibytes = process.resourceUsage().maxRSS
  writeFileSync(`${process.argv[1] ?? ''}.peak`, String(kibibytes * 1024))
})

// A program that holds connections to a port of this machine, and does nothing with them: idle-clients.ts PORT COUNT. It says
// "held" when it has them all, and "lost" for each that the other side ends. It ends with whoever started it.
import { connect } from 'node:net'

const [port, count] = process.argv.slice(2).map(Number)
if (port === undefined || count === undefined) throw new Error('usage: idle-clients.ts PORT COUNT')

let open = 0
const openOne = (): void => {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  socket.on('close', () => process.send?.('lost'))
  socket.on('connect', () => {
    open += 1
    if (open === count) process.send?.('held')
    else if (open + 200 <= count) openOne()
  })
}
// As many on the way at once as the port lets wait.
for (let started = 0; started < Math.min(200, count); started += 1) openOne()
process.on('disconnect', () => process.exit(0))

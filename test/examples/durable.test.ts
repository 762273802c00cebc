import { expect, it, onTestFinished } from 'vitest'
import { createReceiver } from '../../src/testing/index.ts'
import { freshPath } from '../support/sqlite-files.ts'
import { runScript } from './run-script.ts'

it('delivers what was safe when it was killed, and does not submit it again', async () => {
  const shop = await createReceiver({ secret: 'a secret that only the shop and you know' })
  onTestFinished(() => shop.close())
  shop.respond(500)
  const path = freshPath('webhooks.db')
  const first = await runScript('examples/durable.ts', shop.url, path)
  const eventId = (await first.line(/is safe$/)).split(' ')[0]
  first.process.kill('SIGKILL')
  await first.ended
  const { code, stdout } = await (await runScript('examples/durable.ts', shop.url, path)).ended
  expect({ code, stdout }).toEqual({ code: 0, stdout: `${eventId} is safe\n` })
  expect(new Set(shop.requests.map((request) => request.eventId))).toEqual(new Set([eventId]))
  expect(shop.requests.at(-1)?.respondedWith).toBe(200)
}, 30_000)

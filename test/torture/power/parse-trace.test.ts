import { expect, test } from 'vitest'
import { parseTrace } from './parse-trace.ts'

const hex = (text: string): string => Buffer.from(text).toString('hex').replaceAll(/../g, '\\x$&')
const at = (descriptor: number, path: string): string => `${descriptor}<${hex(path)}>`

function parsed(...lines: string[]) {
  return parseTrace(lines.join('\n'), '/log')
}

test('reads what is done to files of the folder, in its order', () => {
  const path = '/log/hooks.db'
  expect(
    parsed(
      `openat(AT_FDCWD<${hex('/home')}>, "${hex(path)}", O_RDWR|O_CREAT|O_CLOEXEC, 0644) = ${at(19, path)}`,
      `pwrite64(${at(19, path)}, "${hex('page')}", 4, 8192) = 4`,
      `write(${at(19, path)}, "${hex('end')}", 3) = 3`,
      `ftruncate(${at(19, path)}, 4096) = 0`,
      `fsync(${at(19, path)}) = 0`,
      `fdatasync(${at(20, '/log')}) = 0`,
      `rename("${hex(path)}", "${hex('/log/new')}") = 0`,
      `unlink("${hex('/log/new')}") = 0`,
    ),
  ).toEqual([
    { type: 'open', path, creates: true, empties: false },
    { type: 'write', path, offset: 8192, data: Buffer.from('page') },
    { type: 'write', path, offset: null, data: Buffer.from('end') },
    { type: 'truncate', path, size: 4096 },
    { type: 'sync', path },
    { type: 'sync', path: '/log' },
    { type: 'rename', from: path, to: '/log/new' },
    { type: 'unlink', path: '/log/new' },
  ])
})

test('reads what is sent over sockets, whole, and what of it was', () => {
  const socket = at(3, 'socket:[123]')
  const pieces = `[{iov_base="${hex('one')}", iov_len=3}, {iov_base="${hex('two')}", iov_len=3}], 2`
  expect(parsed(`write(${socket}, "${hex('said')}", 4) = 4`, `writev(${socket}, ${pieces}) = 5`)).toEqual([
    { type: 'sent', descriptor: 3, data: Buffer.from('said') },
    { type: 'sent', descriptor: 3, data: Buffer.from('onetw') },
  ])
})

test('leaves out what failed, what has no name, and what concerns no one here', () => {
  expect(
    parsed(
      `unlink("${hex('/log/none')}") = -1 ENOENT (No such file or directory)`,
      `pwrite64(${at(19, '/log/gone')}(deleted), "${hex('x')}", 1, 0) = 1`,
      `pwrite64(${at(19, '/logs/other')}, "${hex('x')}", 1, 0) = 1`,
      `openat(AT_FDCWD<${hex('/home')}>, "${hex('/log/hooks.db')}", O_RDONLY|O_CLOEXEC) = ${at(19, '/log/hooks.db')}`,
      '+++ killed by SIGKILL +++',
    ),
  ).toEqual([])
})

test('refuses a call that it does not know, and data that was cut off', () => {
  const file = at(19, '/log/hooks.db')
  expect(() => parsed(`fallocate(${file}, 0, 0, 4096) = 0`)).toThrow('/log/hooks.db was changed by fallocate')
  expect(() => parsed(`pwrite64(${file}, "${hex('x')}"..., 9, 0) = 9`)).toThrow('larger -s')
})

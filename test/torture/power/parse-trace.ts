// Reads what `strace -y -xx` wrote of one thread: what it did to files below a folder, and what it sent.
import type { TracedOp } from './disk-op.ts'

/** The system calls that are recorded. What is not among them must not change a file. */
export const tracedCalls = [
  ...['open', 'openat', 'creat', 'write', 'writev', 'pwrite64', 'pwritev', 'sendmsg', 'sendto'],
  ...['ftruncate', 'truncate', 'fallocate', 'fsync', 'fdatasync', 'sync_file_range', 'msync'],
  ...['unlink', 'unlinkat', 'rename', 'renameat', 'renameat2', 'link', 'linkat'],
] as const

const linePattern = /^(\w+)\((.*)\)\s+= (-?\d+)/s
const stringPattern = /"((?:\\x[0-9a-f]{2})*)"(\.\.\.)?/g
const descriptorPattern = /^(\d+)<((?:\\x[0-9a-f]{2})*)>(\(deleted\))?/

interface Call {
  readonly name: string
  readonly parameters: string
  readonly result: number
}

/** @throws Error when a file below `folder` was changed in a way that is not known here */
export function parseTrace(text: string, folder: string): TracedOp[] {
  return text.split('\n').flatMap((line) => {
    const [, name, parameters = '', result] = linePattern.exec(line) ?? []
    // What has no result was cut off by the end of the process; what failed has changed nothing.
    if (name === undefined || Number(result) < 0) return []
    return opOf({ name, parameters, result: Number(result) }, folder) ?? []
  })
}

function opOf(call: Call, folder: string): TracedOp | null {
  const descriptor = descriptorPattern.exec(call.parameters)
  return descriptor === null ? namedOp(call, folder) : describedOp(call, descriptor, folder)
}

/** Of a call that is given names. */
function namedOp(call: Call, folder: string): TracedOp | null {
  const [path = '', to = ''] = stringsIn(call.parameters).map(String)
  if (!isBelow(path, folder) && !isBelow(to, folder)) return null
  switch (call.name) {
    case 'open':
    case 'openat':
      if (!/O_WRONLY|O_RDWR/.test(call.parameters)) return null
      return {
        type: 'open',
        path,
        creates: call.parameters.includes('O_CREAT'),
        empties: call.parameters.includes('O_TRUNC'),
      }
    case 'unlink':
    case 'unlinkat':
      return { type: 'unlink', path }
    case 'rename':
    case 'renameat':
    case 'renameat2':
      return { type: 'rename', from: path, to }
    default:
      throw unknownCall(call, path)
  }
}

/** Of a call that is given a descriptor, with the path or the kind of what it stands for. */
function describedOp(call: Call, [whole, number, hex = '', deleted]: RegExpExecArray, folder: string): TracedOp | null {
  const path = String(bytesOf(hex))
  if (path.startsWith('socket:')) return sentOp(call, Number(number))
  // What happens to a file without a name is lost with the power.
  if (!isBelow(path, folder) || deleted !== undefined) return null
  const numbers = numbersAfter(call.parameters.slice(whole.length))
  switch (call.name) {
    case 'write':
      return { type: 'write', path, offset: null, data: dataOf(call) }
    case 'pwrite64':
      return { type: 'write', path, offset: numbers.at(-1) ?? 0, data: dataOf(call) }
    case 'ftruncate':
      return { type: 'truncate', path, size: numbers[0] ?? 0 }
    case 'fsync':
    case 'fdatasync':
      return { type: 'sync', path }
    default:
      throw unknownCall(call, path)
  }
}

function sentOp(call: Call, descriptor: number): TracedOp | null {
  if (!/^(write|send)/.test(call.name)) return null
  return { type: 'sent', descriptor, data: dataOf(call) }
}

/** All that was to be written, up to what was. */
function dataOf(call: Call): Buffer {
  return Buffer.concat(stringsIn(call.parameters)).subarray(0, call.result)
}

function stringsIn(parameters: string): Buffer[] {
  return Array.from(parameters.matchAll(stringPattern), ([, hex = '', cut]) => {
    if (cut !== undefined) throw new Error('the trace does not hold all that was written: give strace a larger -s')
    return bytesOf(hex)
  })
}

function bytesOf(hex: string): Buffer {
  return Buffer.from(hex.replaceAll('\\x', ''), 'hex')
}

function numbersAfter(parameters: string): number[] {
  return Array.from(parameters.replace(stringPattern, '').matchAll(/, (\d+)(?=,|$)/g), ([, digits]) => Number(digits))
}

function isBelow(path: string, folder: string): boolean {
  return path === folder || path.startsWith(`${folder}/`)
}

function unknownCall({ name }: Call, path: string): Error {
  return new Error(`${path} was changed by ${name}, which is not known here`)
}

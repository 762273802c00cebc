import { readFile } from 'node:fs/promises'
import { InvalidOptionError } from '../../errors/errors.ts'
import { Policy } from '../../what-if/policy.ts'
import { CallError } from '../call-error.ts'

/**
 * The policy in a file; without a path, hookline's defaults.
 *
 * @throws CallError that says what is wrong with the file
 */
export async function readPolicyFile(path: string | null): Promise<Policy> {
  if (path === null) return new Policy({})
  const value = parse(path, await read(path))
  try {
    return new Policy(value)
  } catch (error) {
    throw error instanceof InvalidOptionError ? new CallError(`policy file ${path}: ${error.message}`) : error
  }
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new CallError(`policy file ${path} cannot be read: ${messageOf(error)}`)
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new CallError(`policy file ${path} is not JSON: ${messageOf(error)}`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

import { randomBytes } from 'node:crypto'

/** The port through which chance enters what is encrypted: so many bytes that nobody can guess. */
export type RandomBytes = (count: number) => Uint8Array

/** The system's cryptographic source. */
export const systemRandomBytes: RandomBytes = (count) => randomBytes(count)

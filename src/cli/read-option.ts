// Options of commands that are numbers. What is none is refused with the option's name, what it got, and what is valid.
import { CallError } from './call-error.ts'

/** A TCP port; 0 stands for any that is free. @throws CallError */
export function readPort(text: string, option: string): number {
  return readWholeNumber(text, option, { min: 0, max: 65_535 })
}

/** @throws CallError */
export function readWholeNumber(text: string, option: string, { min, max }: { min: number; max: number }): number {
  const value = Number(text)
  if (/^\d{1,16}$/.test(text) && value >= min && value <= max) return value
  throw new CallError(`${option} must be a whole number from ${min} to ${max}, got ${JSON.stringify(text)}`)
}

/** A part of a whole, from 0 to 1. @throws CallError */
export function readShare(text: string, option: string): number {
  const value = Number(text)
  if (/^(\d+|\d*\.\d+)$/.test(text) && value <= 1) return value
  throw new CallError(`${option} must be a number from 0 to 1, got ${JSON.stringify(text)}`)
}

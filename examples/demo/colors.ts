import { isatty } from 'node:tty'
import pc from 'picocolors'

/** Colour for people: on a terminal, unless NO_COLOR says otherwise. What goes into a file or a pipe stays plain. */
export const colors = pc.createColors(isatty(process.stdout.fd) && process.env['NO_COLOR'] === undefined)

import pc from 'picocolors'

/** Colour for people: on a terminal, unless NO_COLOR says otherwise. What goes into a file or a pipe stays plain. */
export const colors = pc.createColors(Boolean(process.stdout.isTTY) && process.env['NO_COLOR'] === undefined)

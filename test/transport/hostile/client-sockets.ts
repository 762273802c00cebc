import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** The sockets on hookline's side of the wire, which the transport shows to nobody. */
export interface ClientSockets {
  /** How many bytes all of them have read, decrypted where they were encrypted. */
  readonly bytesRead: number
  /** How many are not destroyed. */
  readonly open: number
  stop(): void
}

/** Watches every socket that undici takes over in this process, until it is stopped. */
export function watchClientSockets(): ClientSockets {
  const sockets = new Set<Socket>()
  const connected = (message: unknown): void => {
    // The channel's messages are documented and have no type.
    sockets.add((message as { readonly socket: Socket }).socket)
  }
  subscribe('undici:client:connected', connected)
  return {
    get bytesRead() {
      return [...sockets].reduce((sum, socket) => sum + socket.bytesRead, 0)
    },
    get open() {
      return [...sockets].filter((socket) => !socket.destroyed).length
    },
    stop: () => unsubscribe('undici:client:connected', connected),
  }
}

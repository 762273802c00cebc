import type { Transport } from '../../src/index.ts'

/** How much of each kind a transport holds. */
export interface TransportParts {
  readonly sockets: number
  readonly endpoints: number
  readonly released: number
  readonly idle: number
  readonly bodies: number
}

interface Sized {
  readonly size: number
}

/** Looks into the transport over real sockets. */
export function partsOf(transport: Transport): TransportParts {
  // Private to TypeScript alone; a soak has to see what is held, and users are not to.
  const { shared, endpoints, released } = transport as unknown as {
    shared: { sockets: { count: number }; idle: { connections: Sized }; bodies: { bodies: Sized } }
    endpoints: Sized
    released: Sized
  }
  return {
    sockets: shared.sockets.count,
    endpoints: endpoints.size,
    released: released.size,
    idle: shared.idle.connections.size,
    bodies: shared.bodies.bodies.size,
  }
}

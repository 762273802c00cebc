import type { Connection } from './connection.ts'

/** All idle connections of a transport, longest idle first: with many endpoints there would else be no end of them. */
export class IdleConnections {
  private readonly most: number
  private readonly connections = new Set<Connection>()

  constructor(most: number) {
    this.most = most
  }

  /** Takes one in; when that makes one too many, the longest idle is closed. */
  add(connection: Connection): void {
    this.connections.add(connection)
    if (this.connections.size <= this.most) return
    for (const oldest of this.connections) {
      oldest.destroy()
      return
    }
  }

  /** Closes all: others need their files more. */
  closeAll(): void {
    for (const connection of [...this.connections]) connection.destroy()
  }

  delete(connection: Connection): void {
    this.connections.delete(connection)
  }
}

/**
 * Each endpoint's last TLS session, so that its next connection is resumed without a full handshake, also when it had
 * none for a while. Node hands out a session only after the certificate was accepted, and does not check the name
 * again when it is resumed: so the key names the endpoint and its origin, and a session serves nothing else.
 */
export class TlsSessions {
  private readonly most: number
  private readonly sessions = new Map<string, Buffer>()

  /** @param most how many are kept; beyond, the one not renewed for longest is forgotten */
  constructor(most: number) {
    this.most = most
  }

  get(key: string): Buffer | undefined {
    return this.sessions.get(key)
  }

  set(key: string, session: Buffer): void {
    this.sessions.delete(key)
    this.sessions.set(key, session)
    if (this.sessions.size <= this.most) return
    for (const oldest of this.sessions.keys()) {
      this.sessions.delete(oldest)
      return
    }
  }
}

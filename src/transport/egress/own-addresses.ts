import { networkInterfaces } from 'node:os'
import type { Clock } from '../../clock/clock.ts'
import { AddressList } from './address-list.ts'

/** Machines get addresses while they run. Reading them takes up to a millisecond, so it is not done for every connection. */
const freshMs = 10_000

/** The addresses of this machine's own interfaces, read again at most every ten seconds. */
export class OwnAddresses {
  private readonly clock: Pick<Clock, 'monotonic'>
  private readonly read: () => readonly string[]
  private addresses: AddressList
  private readAt: number

  /** @param read the addresses now, as `os.networkInterfaces` has them unless told otherwise */
  constructor(clock: Pick<Clock, 'monotonic'>, read: () => readonly string[] = interfaceAddresses) {
    this.clock = clock
    this.read = read
    this.readAt = clock.monotonic()
    this.addresses = listOf(read())
  }

  has(address: string): boolean {
    const now = this.clock.monotonic()
    if (now - this.readAt >= freshMs) {
      this.readAt = now
      this.readAgain()
    }
    return this.addresses.has(address)
  }

  /** The system refuses when the process has too many open files; what was read before is then the best there is. */
  private readAgain(): void {
    try {
      this.addresses = listOf(this.read())
    } catch {
      return
    }
  }
}

function listOf(addresses: readonly string[]): AddressList {
  const list = new AddressList()
  for (const address of addresses) list.add(address)
  return list
}

function interfaceAddresses(): string[] {
  return Object.values(networkInterfaces()).flatMap((entries) => (entries ?? []).map((entry) => entry.address))
}

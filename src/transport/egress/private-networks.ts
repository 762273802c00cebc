import { AddressList } from './address-list.ts'

/**
 * Every address a stranger's URL has no business with: all that the IANA special-purpose registries set apart, all v6
 * outside global unicast (2000::/3), and the v6 ranges that carry a v4 address inside (NAT64, 6to4, Teredo), because
 * a translator on the way would unwrap them. `BlockList.PRIVATE_RANGES` of Node lacks a third of these.
 */
const networks = [
  '0.0.0.0/8', // this network; Linux takes 0.0.0.0 for loopback
  '10.0.0.0/8', // private
  '100.64.0.0/10', // carrier-grade NAT; cloud metadata lives here too
  '127.0.0.0/8', // loopback
  '168.63.129.16', // Azure's platform services
  '169.254.0.0/16', // link-local; cloud metadata
  '172.16.0.0/12', // private
  '192.0.0.0/24', // protocol assignments
  '192.0.2.0/24', // documentation
  '192.88.99.0/24', // 6to4 relays
  '192.168.0.0/16', // private
  '198.18.0.0/15', // benchmarks
  '198.51.100.0/24', // documentation
  '203.0.113.0/24', // documentation
  '224.0.0.0/4', // multicast
  '240.0.0.0/4', // reserved, broadcast
  '::/3', // unspecified, loopback, v4-compatible, NAT64, discard-only
  '2001::/23', // Teredo, benchmarks, ORCHID and other protocol assignments
  '2001:db8::/32', // documentation
  '2002::/16', // 6to4
  '3fff::/20', // documentation
  '4000::/2', // unassigned; segment routing
  '8000::/1', // unique local, link-local, site-local, multicast
]

export const privateNetworks: AddressList = new AddressList()
for (const network of networks) privateNetworks.add(network)

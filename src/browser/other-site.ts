import type { IncomingHttpHeaders } from 'node:http'

/**
 * Whether a browser asks this for a page of another site, by what it says itself: a script or picture that another site embeds comes
 * without an Origin. A link that someone follows is no harm.
 */
export function isOfOtherSite(headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site']
  const isFollowedLink = headers['sec-fetch-mode'] === 'navigate' && headers['sec-fetch-dest'] === 'document'
  return (site === 'cross-site' || site === 'same-site') && !isFollowedLink
}

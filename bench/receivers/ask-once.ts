/** The text at `url`, over a connection of its own that is closed after. */
export async function askOnce(url: string): Promise<string> {
  const answer = await fetch(url, { headers: { connection: 'close' } })
  return answer.text()
}

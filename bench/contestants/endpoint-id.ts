/** The id of one of hookline's endpoints: the same in every process, so that what waits for it finds it again. */
export function endpointIdOf(index: number): string {
  return `ep_${index}`
}

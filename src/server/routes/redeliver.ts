import type { Answer, Call } from './route.ts'

/** Puts a delivery back in line. The answer, `redeliveredDelivery`, comes when that is durable. */
export async function redeliver(
  { touched, context: { service } }: Pick<Call, 'touched' | 'context'>,
  id: string,
): Promise<Answer> {
  service.redeliver(id)
  touched.add(id)
  await service.flush()
  return { status: 202, body: { id, status: service.getEventStatus(id).status } }
}

import { useState } from 'preact/hooks'
import type { DeliveryView } from '../../view/view-source.ts'
import { Statechart } from '../chart/statechart.tsx'
import { SequenceDiagram } from '../sequence/sequence-diagram.tsx'
import { AttemptTimeline } from '../timeline/attempt-timeline.tsx'
import { DeliveryHeader } from './delivery-header.tsx'
import { EndpointPanel } from './endpoint-panel.tsx'
import { LinePanel } from './line-panel.tsx'
import { PayloadPanel } from './payload-panel.tsx'
import { RecordList } from './record-list.tsx'
import { Tabs } from './tabs.tsx'

export interface DeliveryPaneProps {
  readonly delivery: DeliveryView
  readonly seq: number | null
  readonly tick: number
  /** Whether there are moments to go to. */
  readonly recorded: boolean
}

/** Everything about one delivery. */
export function DeliveryPane({ delivery, seq, tick, recorded }: DeliveryPaneProps) {
  const [tab, setTab] = useState('chart')
  const { row, records, omittedRecords } = delivery
  return (
    <>
      <DeliveryHeader delivery={delivery} seq={seq} />
      <AttemptTimeline delivery={delivery} />
      <Tabs
        label="About this delivery"
        current={tab}
        onChange={setTab}
        tabs={[
          {
            id: 'chart',
            name: 'Statechart',
            show: () => <Statechart machine="delivery" current={row.status} records={records} />,
          },
          { id: 'sequence', name: 'Sequence', show: () => <SequenceDiagram delivery={delivery} /> },
          { id: 'line', name: 'Line', show: () => <LinePanel delivery={delivery} seq={seq} /> },
          {
            id: 'records',
            name: 'Records',
            show: () => (
              <RecordList records={records} omitted={omittedRecords} momentsOf={recorded ? row.eventId : null} />
            ),
          },
          {
            id: 'endpoint',
            name: 'Endpoint',
            show: () => <EndpointPanel endpointId={row.endpointId} seq={seq} tick={tick} />,
          },
          { id: 'payload', name: 'Payload', show: () => <PayloadPanel payload={delivery.payload} /> },
        ]}
      />
    </>
  )
}

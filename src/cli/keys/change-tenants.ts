import { isoTime } from '../../clock/iso-time.ts'
import { checkTenantId } from '../../server/keys/issue-key.ts'
import { listTenants, setTenantActive } from '../../server/keys/tenant-list.ts'
import type { TenantState } from '../../server/keys/tenant-list.ts'
import { alignedRows } from '../aligned-rows.ts'
import { jsonText } from '../json-text.ts'
import { printableText } from '../printable-text.ts'
import { asCalled, openKeys } from './key-command.ts'
import type { KeyCommand } from './key-command.ts'

export function showTenants(command: KeyCommand): void {
  const { flags, terminal } = command
  const { file, keys } = openKeys(command)
  const tenants = listTenants(keys)
  if (flags.json === true) return terminal.print(jsonText({ file, tenants }))
  if (tenants.length === 0) return terminal.note(printableText(`there are no tenants in ${JSON.stringify(file)}`))
  const rows = tenants.map((tenant) => [tenant.id, stateText(tenant), tenant.changedAt ?? '-', String(tenant.keys)])
  for (const line of alignedRows([['TENANT', 'STATE', 'SINCE', 'KEYS'], ...rows], 3)) terminal.print(line)
}

export async function setActive(
  command: KeyCommand,
  { id, active }: { readonly id: string; readonly active: boolean },
): Promise<void> {
  const { flags, terminal } = command
  const { keys } = openKeys(command)
  const changedAt = isoTime(terminal.clock.now())
  const tenant = await asCalled(async () =>
    setTenantActive(keys, { id: checkTenantId(id, 'tenant'), active }, changedAt),
  )
  if (flags.json === true) terminal.print(jsonText(tenant))
  else
    terminal.print(
      printableText(`${tenant.id} is ${stateText(tenant)}; it has ${tenant.keys} key${tenant.keys === 1 ? '' : 's'}`),
    )
}

const stateText = ({ active }: TenantState): string => (active ? 'active' : 'inactive')

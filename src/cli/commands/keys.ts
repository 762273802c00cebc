// `hookline keys`: who may use the service. It works on the key file, whether a server has it open or not.
import type { Command } from 'commander'
import { roles } from '../../server/keys/caller.ts'
import { setActive, showTenants } from '../keys/change-tenants.ts'
import { createKey, listKeys, revokeKey } from '../keys/change-keys.ts'
import type { CreateFlags, KeyFlags } from '../keys/key-command.ts'
import type { AddCommand, EndWith } from '../program.ts'
import type { Terminal } from '../terminal.ts'

const notes = `
The keys are in a file beside the log, STORE.keys.json, which the server reads and these commands write: a running server
knows a new key at once, and a revoked one within a second. Only hashes are in it; a key is shown when it is made, and never
again. hookline config shows which file it is.

Exit code: 0 it did what it was asked, 1 it failed, 2 it was called wrongly.

Examples:
  hookline keys create ops --role admin
  hookline keys create shop --role publisher --tenant acme
  hookline keys list
  hookline keys revoke 0123456789ab
  hookline keys deactivate acme`

export const addKeys: AddCommand = (program, terminal, end) => {
  const keys = program.command('keys').description('Make, list and revoke API keys; activate and deactivate tenants.')
  keys.addHelpText('after', notes)
  addCreate(keys, terminal, end)
  withFlags(keys.command('list'))
    .description('List the keys, revoked ones too.')
    .action((flags: KeyFlags) => listKeys({ flags, terminal, end }))
  withFlags(keys.command('revoke'))
    .description('Revoke a key: it lets nobody in from now on.')
    .argument('<key>', 'its id: the 12 hex digits after hk_')
    .action((id: string, flags: KeyFlags) => revokeKey({ flags, terminal, end }, id))
  withFlags(keys.command('tenants'))
    .description('List the tenants that have or had keys, or were activated or deactivated.')
    .action((flags: KeyFlags) => showTenants({ flags, terminal, end }))
  withFlags(keys.command('activate'))
    .description('Activate a tenant: let its keys in again.')
    .argument('<tenant>', 'its id')
    .action((id: string, flags: KeyFlags) => setActive({ flags, terminal, end }, { id, active: true }))
  withFlags(keys.command('deactivate'))
    .description('Deactivate a tenant: let none of its keys in. What waits for its webhooks is delivered all the same.')
    .argument('<tenant>', 'its id')
    .action((id: string, flags: KeyFlags) => setActive({ flags, terminal, end }, { id, active: false }))
}

function addCreate(keys: Command, terminal: Terminal, end: EndWith): void {
  withFlags(keys.command('create'))
    .description('Make a key, and print it: this once.')
    .argument('<name>', 'what you call it: whose it is, or what for')
    .addOption(
      keys
        .createOption('--role <role>', 'admin: everything; publisher: submit events; reader: read')
        .choices(roles)
        .makeOptionMandatory(),
    )
    .option(
      '--tenant <id>',
      'the tenant it belongs to, whose webhooks and events are all it sees (default: none, it sees all)',
    )
    .action((name: string, flags: CreateFlags) => createKey({ flags, terminal, end }, name))
}

function withFlags(command: Command): Command {
  return command
    .option('--keys <file>', 'the key file (default: STORE.keys.json)')
    .option('--store <file>', 'the file of the log that the server serves (default: ./hookline.db)')
    .option('-c, --config <file>', 'the configuration of the server (default: hookline.yaml, where there is one)')
    .option('--json', 'print JSON')
}

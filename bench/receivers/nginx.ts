import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { ChildProcesses } from '../measure/child-processes.ts'
import { freePort } from '../measure/free-port.ts'
import { untilAnswers } from '../measure/until-answers.ts'
import { askOnce } from './ask-once.ts'
import type { Receiver, ReceiverCounts } from './receiver.ts'

/** Modules that insist on a folder for temporary files, whether they are used or not. */
const modulesWithFolders = ['proxy', 'fastcgi', 'uwsgi', 'scgi']

/** nginx as one process on the receiver's core. */
export async function startNginx(processes: ChildProcesses, program: string): Promise<Receiver> {
  const folder = processes.folder()
  const port = await freePort()
  const built = spawnSync(program, ['-V'], { encoding: 'utf8' }).stderr
  const file = join(folder, 'nginx.conf')
  writeFileSync(file, configuration(folder, port, built))
  processes.start([program, '-e', 'stderr', '-p', folder, '-c', file], { core: 'receiver' })

  const origin = `http://127.0.0.1:${port}`
  let asked = 0
  /** That of `untilAnswers`. */
  const connectionsBefore = 1
  const isCounting = built.includes('http_stub_status_module')
  async function counts(): Promise<ReceiverCounts> {
    if (!isCounting) return { requests: NaN, connections: NaN }
    asked += 1
    const text = await askOnce(`${origin}/status`)
    // The third line: connections accepted, connections handled, requests. Each question takes one of each.
    const [, accepted, requests] = /^\s*(\d+)\s+\d+\s+(\d+)\s*$/m.exec(text) ?? []
    return { requests: Number(requests) - asked, connections: Number(accepted) - asked - connectionsBefore }
  }

  await untilAnswers(port, 'nginx')
  const version = /nginx version: (\S+)/.exec(built)?.[1] ?? 'nginx'
  return { description: `${version}, one process`, origin, counts }
}

function configuration(folder: string, port: number, built: string): string {
  const folders = modulesWithFolders
    .filter((module) => !built.includes(`--without-http_${module}_module`))
    .map((module) => `${module}_temp_path ${folder}/${module};`)
  return `
daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
events { worker_connections 32768; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  ${folders.join('\n  ')}
  keepalive_requests 1000000000;
  keepalive_timeout 600s;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location / { return 200; }
    ${built.includes('http_stub_status_module') ? 'location = /status { stub_status; }' : ''}
  }
}
`
}

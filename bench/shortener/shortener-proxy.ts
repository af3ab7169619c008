// The shortener behind the nginx site of deploy/ against the predecessor's proxy block, which opens a connection per request.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { median, startApp, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim =
  "through nginx: >= 2x the requests a second of the predecessor's proxy block, over medians of 5 rounds";

const ROUNDS = 5;
const SITE = fileURLToPath(new URL('../../deploy/nginx/headroom.conf', import.meta.url));

/** Prints the table and the ratio. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const { host } = new URL(app.url);
  const ours = await startNginx((port, status, folder) =>
    readFileSync(SITE, 'utf8')
      .replaceAll('127.0.0.1:8000', host)
      .replace('listen 5000', `listen 127.0.0.1:${port}`)
      .replace(/listen \[::\]:5000.*/, '')
      .replace('127.0.0.1:8081', `127.0.0.1:${status}`)
      .replaceAll('/var/log/nginx/', `${folder}/`),
  );
  const theirs = await startNginx(
    (port, _status, folder) => `access_log ${folder}/access.log;
      server { listen 127.0.0.1:${port}; location / {
        proxy_pass http://${host}; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }`,
  );
  const rates = { ours: [] as number[], theirs: [] as number[] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [name, nginx] of [
      ['ours', ours],
      ['theirs', theirs],
    ] as const) {
      const { requestsPerS, failures } = await wrk(`${nginx.url}/go`);
      if (failures > 0) throw new Error(`${failures} requests through ${name} failed`);
      // The first round warms up.
      if (round > 0) rates[name].push(requestsPerS);
    }
  }
  for (const part of [ours, theirs, app]) await part.stop();
  const ratio = median(rates.ours.map((rate, at) => rate / (rates.theirs[at] ?? Number.NaN)));
  console.log(`   predecessor's block   ${median(rates.theirs).toFixed(0).padStart(6)} req/s`);
  console.log(`   deploy/nginx          ${median(rates.ours).toFixed(0).padStart(6)} req/s   ${ratio.toFixed(2)}x`);
  return ratio >= 2;
}

async function startNginx(site: (port: number, status: number, folder: string) => string) {
  const folder = tempFolder();
  const [port, status] = [await freePort(), await freePort()];
  const user = process.getuid?.() === 0 ? 'user root;' : '';
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${folder}/${name};`,
  );
  const path = join(folder, 'nginx.conf');
  writeFileSync(
    path,
    `${user} daemon off; worker_processes auto; pid ${folder}/pid; error_log ${folder}/error.log;
    events { worker_connections 4096; } http { ${temporary.join(' ')} ${site(port, status, folder)} }`,
  );
  const child = spawn('nginx', ['-p', folder, '-c', path, '-e', `${folder}/error.log`], { stdio: 'ignore' });
  const url = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    ))
  );
  return {
    url,
    async stop() {
      child.kill('SIGQUIT');
      await once(child, 'exit');
    },
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

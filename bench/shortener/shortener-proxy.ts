// The shortener behind the nginx site of deploy/ against the predecessor's proxy block, which opens a connection per request.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePorts, startNginx } from '../../test/nginx.ts';
import { root, startApp, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';
import { requestsPerS } from './wrk.ts';

export const claim =
  "through nginx: >= 2x the requests a second of the predecessor's proxy block, over medians of 5 rounds";

const rounds = 5;

/** Prints the table and the ratio. */
export async function run(): Promise<boolean> {
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const { host } = new URL(app.url);
  const [oursPort, statusPort, theirsPort] = await freePorts(3);
  const [oursFolder, theirsFolder] = [tempFolder(), tempFolder()];
  const site = readFileSync(join(root, 'deploy/nginx/headroom.conf'), 'utf8')
    .replaceAll('127.0.0.1:8000', host)
    .replace('listen 5000', `listen 127.0.0.1:${oursPort}`)
    .replace(/listen \[::\]:5000.*/, '')
    .replace('127.0.0.1:8081', `127.0.0.1:${statusPort}`)
    .replaceAll('/var/log/nginx/', `${oursFolder}/`);
  const block = `access_log ${theirsFolder}/access.log; server { listen 127.0.0.1:${theirsPort}; location / {
    proxy_pass http://${host}; proxy_set_header Host $host; proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for; } }`;
  const started = [await startNginx(oursFolder, site), await startNginx(theirsFolder, block), app];
  const { ours, theirs } = await inTurn(rounds, {
    ours: () => requestsPerS(`http://127.0.0.1:${oursPort}/go`),
    theirs: () => requestsPerS(`http://127.0.0.1:${theirsPort}/go`),
  });
  for (const part of started) await part.stop();
  const ratio = medianRatio(ours, theirs);
  print(`predecessor's block   ${median(theirs).toFixed(0).padStart(6)} req/s`);
  print(`deploy/nginx          ${median(ours).toFixed(0).padStart(6)} req/s   ${ratio.toFixed(2)}x`);
  return ratio >= 2;
}

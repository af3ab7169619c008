// The shortener on two workers against the stack that it replaces: Flask under gunicorn -w 4 (Debian's packages).

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { median, startApp, tempFolder } from './process.ts';
import { wrk } from './wrk.ts';

export const claim =
  'redirects with WORKERS=2: >= 10x Flask under gunicorn -w 4 on the same cores, over medians of 5 rounds';

const ROUNDS = 5;
const startLimitMs = 20_000;
const GUNICORN = '/usr/bin/gunicorn';

/** Prints the table and the ratio. */
export async function run(): Promise<boolean> {
  if (!existsSync(GUNICORN)) throw new Error('Install python3-flask and gunicorn (apt-get install) to run this bench.');
  const flask = await startFlask();
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const rates: { flask: number[]; app: number[] } = { flask: [], app: [] };
  for (let round = 0; round <= ROUNDS; round += 1) {
    const [theirs, ours] = [await wrk(`${flask.url}/go`), await wrk(`${app.url}/go`)];
    if (theirs.failures + ours.failures > 0)
      throw new Error(`failures: Flask ${theirs.failures}, ours ${ours.failures}`);
    // The first round warms both up.
    if (round === 0) continue;
    rates.flask.push(theirs.requestsPerS);
    rates.app.push(ours.requestsPerS);
  }
  await app.stop();
  await flask.stop();
  const ratio = median(rates.app.map((rate, at) => rate / (rates.flask[at] ?? Number.NaN)));
  console.log(`   Flask, gunicorn -w 4   ${median(rates.flask).toFixed(0).padStart(6)} req/s`);
  console.log(`   shortener, 2 workers   ${median(rates.app).toFixed(0).padStart(6)} req/s   ${ratio.toFixed(1)}x`);
  return ratio >= 10;
}

async function startFlask(): Promise<{ url: string; stop(): Promise<void> }> {
  const root = dirname(fileURLToPath(import.meta.url));
  const urls = join(tempFolder(), 'urls.json');
  copyFileSync(join(root, '..', 'urls.json'), urls);
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  const args = ['-w', '4', '-b', `127.0.0.1:${port}`, '--chdir', join(root, 'predecessor'), 'flask_shortener:app'];
  const child = spawn(GUNICORN, args, {
    env: { ...process.env, URLS_FILE: urls, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  let ended = false;
  child.once('exit', () => {
    ended = true;
  });
  const answers = () =>
    fetch(`${url}/go`, { redirect: 'manual' }).then(
      (response) => response.status === 302,
      () => false,
    );
  const deadlineMs = performance.now() + startLimitMs;
  while (!ended && performance.now() < deadlineMs && !(await answers())) await wait(50);
  if (ended || !(await answers()))
    throw new Error('gunicorn does not serve the Flask app: is python3-flask installed (npm run test:setup)?');
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

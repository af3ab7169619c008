// The shortener on two workers against the stack that it replaces: Flask under gunicorn -w 4 (Debian's packages).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { freePorts } from '../../test/nginx.ts';
import { root, startApp, tempFolder } from '../program.ts';
import { inTurn, median, medianRatio, print } from '../rounds.ts';
import { requestsPerS } from './wrk.ts';

export const claim =
  'redirects with WORKERS=2: >= 10x Flask under gunicorn -w 4 on the same cores, over medians of 5 rounds';

const rounds = 5;
const startLimitMs = 20_000;
const gunicorn = '/usr/bin/gunicorn';

/** Prints the table and the ratio. */
export async function run(): Promise<boolean> {
  if (!existsSync(gunicorn)) throw new Error('Install python3-flask and gunicorn (apt-get install) to run this bench.');
  const flask = await startFlask();
  const app = await startApp({ workers: 2, dataDir: tempFolder() });
  const { theirs, ours } = await inTurn(rounds, {
    theirs: () => requestsPerS(`${flask.url}/go`),
    ours: () => requestsPerS(`${app.url}/go`),
  });
  await app.stop();
  await flask.stop();
  const ratio = medianRatio(ours, theirs);
  print(`Flask, gunicorn -w 4   ${median(theirs).toFixed(0).padStart(6)} req/s`);
  print(`shortener, 2 workers   ${median(ours).toFixed(0).padStart(6)} req/s   ${ratio.toFixed(1)}x`);
  return ratio >= 10;
}

async function startFlask(): Promise<{ url: string; stop(): Promise<void> }> {
  const urls = join(tempFolder(), 'urls.json');
  copyFileSync(join(root, 'urls.json'), urls);
  const url = `http://127.0.0.1:${(await freePorts(1))[0]}`;
  const code = join(root, 'bench/shortener/predecessor');
  const child = spawn(gunicorn, ['-w', '4', '-b', new URL(url).host, '--chdir', code, 'flask_shortener:app'], {
    env: { ...process.env, URLS_FILE: urls, PYTHONDONTWRITEBYTECODE: '1' },
    stdio: 'ignore',
  });
  const answers = () =>
    fetch(`${url}/go`, { redirect: 'manual' }).then(
      (response) => response.status === 302,
      () => false,
    );
  const deadlineMs = performance.now() + startLimitMs;
  while (child.exitCode === null && performance.now() < deadlineMs && !(await answers())) await wait(50);
  if (!(await answers()))
    throw new Error('gunicorn does not serve the Flask app: is python3-flask installed (npm run test:setup)?');
  return {
    url,
    async stop() {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}

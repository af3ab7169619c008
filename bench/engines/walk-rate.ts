// What a walk costs the open engine: three requests with cookies and a token from one response in the next, beside the same three as a mix.

import type { OpenOrder } from '../../loadtest/engines/stage-order.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { WalkStep } from '../../model/walk.ts';
import { freePorts, startNginx } from '../../test/nginx.ts';
import { tempFolder } from '../program.ts';
import { inTurn, medianRatio, print } from '../rounds.ts';

export const claim =
  'a walk of 3 requests with cookies: one process gets at least 0.8 of the answers that it gets for the same requests as a mix (median of 5 pairs)';

const pairs = 5;
const leastRatio = 0.8;
/** Requests a second, more than one process sends: what is answered then is the most that there is. */
const tooMuch = 60_000;
const durationS = 4;

const step = (name: string, more: Partial<WalkStep> = {}): WalkStep => ({
  name,
  method: 'GET',
  path: `/${name}`,
  headers: {},
  expect: [200],
  ...more,
});
const steps = [
  step('page', { take: { token: { pattern: 'token=(\\w+)' } } }),
  step('form', { headers: { 'x-token': '$'.concat('{token}') } }),
  step('order'),
];
const routes = steps.map(({ take: _, ...route }) => ({ ...route, headers: {}, weight: 1 }));

/** Answers a second of a fresh process. */
async function rateOf(origin: string, isWalk: boolean): Promise<number> {
  const generators = await startGenerators(1, process.env);
  const perS = isWalk ? tooMuch / steps.length : tooMuch;
  const order: OpenOrder = {
    kind: 'open',
    stage: 0,
    generator: 0,
    generators: 1,
    origin,
    routes,
    startAt: Date.now() + 500,
    durationS,
    arrivalRatePerS: { from: perS, to: perS },
    arrivals: 'constant',
    seed: 1,
    maxConnections: 64,
    timeoutS: 5,
    insecure: false,
    ...(isWalk && { walk: { steps, first: 0, every: 1 } }),
  };
  let [answers, takenS] = [0, 0];
  await generators.run([order], (line) => {
    if (line.kind !== 'load') return;
    answers += line.outcomes.ok;
    takenS += line.durationS;
  });
  generators.close();
  return answers / takenS;
}

/** Prints each pair and the median ratio; nginx has the last of two cores, and load the first. */
export async function run(): Promise<boolean> {
  const [port] = await freePorts(1);
  const site = `access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
    server { listen 127.0.0.1:${port} backlog=4096; default_type text/plain;
      location /page { add_header Set-Cookie "sid=0123456789abcdef; Path=/; HttpOnly"; return 200 "token=0123456789abcdef"; }
      location / { return 200 "hello world"; } }`;
  const { stop } = await startNginx(tempFolder(), site, { workers: '1', cores: '1' });
  const origin = `http://127.0.0.1:${port}`;
  const { walk, mix } = await inTurn(pairs, { walk: () => rateOf(origin, true), mix: () => rateOf(origin, false) });
  for (const [pair, perS] of walk.entries()) print(`walk ${Math.round(perS)}/s, mix ${Math.round(mix[pair] ?? 0)}/s`);
  const ratio = medianRatio(walk, mix);
  print(`median ratio ${ratio.toFixed(3)}`);
  await stop();
  return ratio >= leastRatio;
}

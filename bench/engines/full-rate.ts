// The most that a process which has sent nothing before gets answered: three requests as a mix, or as the walk of one user.
import type { OpenOrder } from '../../loadtest/engines/stage-order.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { WalkStep } from '../../model/walk.ts';

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
/** With a cookie, and a token from one response in the next request. */
const steps = [
  step('page', { take: { token: { pattern: 'token=(\\w+)' } } }),
  step('form', { headers: { 'x-token': '$'.concat('{token}') } }),
  step('order'),
];
const routes = steps.map(({ take: _, ...route }) => ({ ...route, headers: {}, weight: 1 }));

type FullRate = {
  /** Answers. */
  readonly perS: number;
  readonly perCpuS: number;
  /** What it sent to itself in a second of CPU time. */
  readonly rehearsedPerS: number;
};

/** Measures against an origin of `startSite`. */
export async function fullRate(origin: string, isWalk: boolean): Promise<FullRate> {
  const generators = await startGenerators(1, process.env, isWalk);
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
    insecure: true,
    ...(isWalk && { walk: { steps, first: 0, every: 1 } }),
  };
  let [answers, takenS, cpuS] = [0, 0, 0];
  await generators.run([order], (line) => {
    if (line.kind !== 'load') return;
    answers += line.outcomes.ok;
    takenS += line.durationS;
    cpuS += line.cpuS;
  });
  generators.close();
  return { perS: answers / takenS, perCpuS: answers / cpuS, rehearsedPerS: generators.perCoreS };
}

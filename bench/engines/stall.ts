// A server that stalls: what ours, bare autocannon and bare wrk say of it, and what arithmetic says.
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { autocannon, output, startServer } from '../program.ts';
import { print } from '../rounds.ts';
import { runOpen } from './open-stage.ts';

export const claim =
  'a target that takes 10 ms and stalls 500 ms every 5 s, at 200/s: p50, p95, p99 and p99.9 within 5 % or 3 ms';

const ratePerS = 200;
const durationS = 20;

/** One tenth of all arrivals meets a stall and waits evenly between 0 and 500 ms for its end, then 10 ms. */
const truthMs = { p50: 10, p95: 260, p99: 460, p999: 505 } as const;
type Figures = Record<keyof typeof truthMs, number>;

/** What `load` finds out about a server of its own. */
async function stalling<Found>(load: (url: string) => Promise<Found>): Promise<Found> {
  const server = await startServer('engines/truth-server.ts', ['stall']);
  const found = await load(server.url);
  await server.stop();
  return found;
}

async function ours(origin: string): Promise<Figures> {
  const generators = await startGenerators(1, process.env);
  const { latencyUs } = await runOpen(generators, { origin, ratePerS, durationS });
  generators.close();
  if (!latencyUs) throw new Error('nothing was answered');
  const { p50, p95, p99, p999 } = latencyUs;
  return { p50: p50 / 1000, p95: p95 / 1000, p99: p99 / 1000, p999: p999 / 1000 };
}

async function bare(url: string): Promise<Figures> {
  const { latency } = await autocannon(url, '-c', '10', '-R', String(ratePerS), '-d', String(durationS));
  // It has no p95; p97.5 is its next one, where arithmetic says 385 ms.
  return { p50: latency.p50, p95: latency.p97_5, p99: latency.p99, p999: latency.p99_9 };
}

/** wrk knows no rate: 2 connections bring about 200/s to a server that takes 10 ms. */
async function wrk(url: string): Promise<Figures> {
  const text = await output('wrk', '-t1', '-c2', `-d${durationS}s`, '-s', 'bench/engines/wrk-percentiles.lua', url);
  const at = (name: string) => Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]) / 1000;
  return { p50: at('p50'), p95: at('p95'), p99: at('p99'), p999: at('p999') };
}

function row(name: string, figures: Figures): void {
  const cells = Object.values(figures).map((ms) => ms.toFixed(1).padStart(9));
  print(`${name.padEnd(24)}${cells.join('')}`);
}

/** Prints the table; the claim is about our figures. */
export async function run(): Promise<boolean> {
  print(`${'ms'.padEnd(24)}      p50      p95      p99    p99.9`);
  row('arithmetic', truthMs);
  const figures = await stalling(ours);
  row('headroom, open 200/s', figures);
  row('autocannon -R 200 (p97.5)', await stalling(bare));
  row('wrk -c2', await stalling(wrk));
  return Object.entries(truthMs).every(
    ([name, truth]) => Math.abs(figures[name as keyof Figures] - truth) <= Math.max(3, truth * 0.05),
  );
}

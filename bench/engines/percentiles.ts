// What a generator that has sent nothing before says of servers whose latency is known, at a usual and at a high rate.
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { startServer } from '../program.ts';
import { print } from '../rounds.ts';
import { runOpen } from './open-stage.ts';

export const claim =
  'a fresh process says p50, p95, p99 and p99.9 of a known law within 2 % or 0.5 ms: at 1,000/s of a target that stalls, at 20,000/s of one that takes 1 to 51 ms. Parts: 1000, 20000';

/** See truth-server.ts: one request in ten waits, evenly up to the longest. */
const cases = [
  { ratePerS: 1000, durationS: 20, law: 'stall', truthMs: { p50: 10, p95: 260, p99: 460, p999: 505 } },
  { ratePerS: 20_000, durationS: 8, law: 'spread', truthMs: { p50: 1, p95: 26, p99: 46, p999: 50.5 } },
] as const;
const names = ['p50', 'p95', 'p99', 'p999'] as const;

type Case = (typeof cases)[number];

async function measure({ ratePerS, durationS, law, truthMs }: Case): Promise<boolean> {
  const server = await startServer('engines/truth-server.ts', [law]);
  if (law === 'spread') {
    // The server's own code is to be warm.
    const others = await startGenerators(1, process.env);
    await runOpen(others, { origin: server.url, ratePerS, durationS: 2 });
    others.close();
  }
  const generators = await startGenerators(1, process.env);
  const { latencyUs, requests } = await runOpen(generators, { origin: server.url, ratePerS, durationS });
  generators.close();
  await server.stop();
  if (!latencyUs) throw new Error('nothing was answered');
  const found = names.map((name) => latencyUs[name] / 1000);
  print(`${ratePerS}/s, law ${names.map((name) => truthMs[name]).join(' / ')} ms`);
  print(`${ratePerS}/s, said ${found.map((ms) => ms.toFixed(1)).join(' / ')} ms, dropped ${requests.dropped}`);
  return names.every((name, index) => {
    const truth = truthMs[name];
    return Math.abs((found[index] as number) - truth) <= Math.max(0.5, 0.02 * truth);
  });
}

/** Prints the law and what is said of it. */
export async function run(part?: string): Promise<boolean> {
  let holds = true;
  for (const each of cases.filter(({ ratePerS }) => part === undefined || part === String(ratePerS)))
    holds = (await measure(each)) && holds;
  return holds;
}

// What one generator process holds against nginx: arrivals kept, schedule lag, and the latency it prints.
import { availableParallelism } from 'node:os';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { StageRecord } from '../../model/run-record.ts';
import { freePorts, startNginx } from '../../test/nginx.ts';
import { output, tempFolder } from '../program.ts';
import { print } from '../rounds.ts';
import { runOpen } from './open-stage.ts';

export const claim =
  'one process holds 30,000/s against nginx, dropped 0; median lag p99 < 1 ms at 10,000/s and < 2 ms at 30,000/s; p50 at 20,000/s nearer the truth than 1.2 ms (wrk2)';

const durationS = 3;
const stages = 5;
/** At 30,000/s a pause of 100 ms, of this process or of the machine, makes so many wait. */
const maxConnections = 3000;
/** What wrk2 prints at 20,000/s: its timer's grain. */
const wrk2P50Us = 1200;
const limits = [
  { ratePerS: 10_000, lagP99Us: 1000 },
  { ratePerS: 20_000, lagP99Us: 2000 },
  { ratePerS: 30_000, lagP99Us: 2000 },
];
/** More than anybody holds: what is answered then is the most that there is. */
const tooMuchPerS = 80_000;

/** Of several, the stage of median lag: one pause of a shared machine, of 50 ms, is the p99 of a stage of seconds. */
async function median(stage: () => Promise<StageRecord>): Promise<StageRecord> {
  const done: StageRecord[] = [];
  while (done.length < stages) done.push(await stage());
  const lag = ({ scheduleLagUs }: StageRecord): number => scheduleLagUs?.p99 ?? Number.POSITIVE_INFINITY;
  done.sort((a, b) => lag(a) - lag(b));
  print(`lag p99 of ${stages} stages: ${done.map(lag).join(', ')} µs`);
  return done[Math.floor(stages / 2)] as StageRecord;
}

/** How many were answered per second when more are offered than can be sent. */
async function most(origin: string, count: number): Promise<number> {
  const generators = await startGenerators(count, process.env);
  const { throughputPerS } = await runOpen(generators, { origin, ratePerS: tooMuchPerS, durationS: 4 });
  generators.close();
  return throughputPerS;
}

/** Prints a row per rate, beside what wrk and a bare loop over undici get out of the same server on the same machine. */
export async function run(): Promise<boolean> {
  const origin = `http://127.0.0.1:${(await freePorts(1))[0]}`;
  const site = `access_log off; keepalive_requests 1000000000;
    server { listen ${new URL(origin).host} backlog=4096; return 302 http://example.invalid/; }`;
  // On the first core: generators are left the others.
  const { stop } = await startNginx(tempFolder(), site, { workers: '1', cores: '0' });
  const wrk = /Requests\/sec:\s+(\S+)/.exec(await output('wrk', '-t1', '-c64', '-d4s', origin))?.[1];
  print(`wrk -t1 -c64, as fast as it goes: ${wrk}/s`);
  const generators = await startGenerators(1, process.env);
  let holds = true;
  for (const { ratePerS, lagP99Us } of limits) {
    await runOpen(generators, { origin, ratePerS, durationS: 3, maxConnections });
    const { requests, throughputPerS, latencyUs, scheduleLagUs } = await median(() =>
      runOpen(generators, { origin, ratePerS, durationS, maxConnections }),
    );
    holds &&=
      requests.dropped === 0 &&
      throughputPerS > ratePerS * 0.99 &&
      (scheduleLagUs?.p99 ?? Number.POSITIVE_INFINITY) < lagP99Us;
    print(
      `${ratePerS}/s: answered ${Math.round(throughputPerS)}/s, dropped ${requests.dropped}, lag p50 ${scheduleLagUs?.p50} p99 ${scheduleLagUs?.p99} µs, latency p50 ${latencyUs?.p50} p99 ${latencyUs?.p99} µs`,
    );
    if (ratePerS !== 20_000) continue;
    const peer = ['--import', 'tsx', 'bench/engines/bare-undici.ts', origin, `${ratePerS}`, `${durationS}`];
    const bare = JSON.parse(await output(process.execPath, ...peer));
    holds &&= Math.abs((latencyUs?.p50 ?? Number.POSITIVE_INFINITY) - bare.p50Us) < wrk2P50Us - bare.p50Us;
    print(
      `${ratePerS}/s by a bare loop over undici, from the send: ${Math.round(bare.throughputPerS)}/s, p50 ${bare.p50Us} µs (wrk2 prints ${wrk2P50Us})`,
    );
  }
  generators.close();
  const [one, two] = [await most(origin, 1), await most(origin, 2)];
  await stop();
  const cores = availableParallelism();
  print(
    `${tooMuchPerS}/s offered: one process has ${Math.round(one)}/s answered, two ${Math.round(two)}/s${cores < 3 ? `; of the ${cores} cores nginx has one, so the two share the other` : ''}`,
  );
  return holds && (cores < 3 || two > one);
}

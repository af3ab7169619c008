// What one generator process holds against nginx from its first request on, beside a bare loop over node:net and wrk.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import type { LoadLine } from '../../model/second.ts';
import { output, root } from '../program.ts';
import { median, print } from '../rounds.ts';
import { startSite } from './nginx-site.ts';
import { page, runOpen } from './open-stage.ts';

export const claim =
  'fresh processes against nginx: 10,000 to 40,000/s held, dropped 0, lag p99 under 0.7 to 3 ms, p99 within 1.5 times a bare loop; first second at 20,000/s under 2 ms; CPU a request at most 1.3 times that of wrk; TLS 1.3 at least 0.6 of the plain rate; 10,000 connections held at 1 request/s each in 300 MiB. Parts: rates, cpu, tls, held';

const processes = 5;
const durationS = 8;
const limits = [
  { ratePerS: 10_000, lagP99Us: 700 },
  { ratePerS: 20_000, lagP99Us: 1000 },
  { ratePerS: 30_000, lagP99Us: 1500 },
  { ratePerS: 40_000, lagP99Us: 3000 },
];
const firstSecond = { ratePerS: 20_000, lagP99Us: 2000 };
/** More than anybody holds: what is answered then is the most that there is. */
const tooMuch = { ratePerS: 200_000, durationS: 4, maxConnections: 256 };
const mostOf = { p99OfBare: 1.5, cpuOfBare: 1.15, cpuOfWrk: 1.3 };
const leastTlsOfPlain = 0.6;
const held = { connections: 10_000, thinkTimeS: 1, durationS: 20, mostMiB: 300 };

type Figures = Readonly<
  Record<'ratePerS' | 'dropped' | 'p50Us' | 'p99Us' | 'lagP99Us' | 'firstLagP99Us' | 'cpuUs', number>
>;
type Asked = { readonly ratePerS: number; readonly durationS: number; readonly maxConnections?: number };

/** One stage in a process that has run none before. */
async function ours(origin: string, asked: Asked): Promise<Figures> {
  const generators = await startGenerators(1, process.env);
  let cpuS = 0;
  const onCpuS = (used: number): void => {
    cpuS += used;
  };
  const stage = await runOpen(generators, { origin, ...asked, onCpuS });
  generators.close();
  const { requests, latencyUs, scheduleLagUs, firstSecondLagUs, throughputPerS } = stage;
  return {
    ratePerS: throughputPerS,
    dropped: requests.dropped,
    p50Us: latencyUs?.p50 ?? Number.NaN,
    p99Us: latencyUs?.p99 ?? Number.NaN,
    lagP99Us: scheduleLagUs?.p99 ?? Number.NaN,
    firstLagP99Us: firstSecondLagUs?.p99 ?? Number.NaN,
    cpuUs: (cpuS * 1e6) / requests.completed,
  };
}

async function bare(origin: string, { ratePerS, durationS }: Asked): Promise<Figures> {
  const script = join(root, 'bench/engines/bare-open.ts');
  const figures = [new URL(origin).port, String(ratePerS), String(durationS)];
  const { answered, cpuUs, ...rest } = JSON.parse(
    await output(process.execPath, '--import', 'tsx', script, ...figures),
  );
  return { ...rest, ratePerS: answered / durationS, firstLagP99Us: Number.NaN, cpuUs: cpuUs / answered };
}

/** As fast as it goes; its CPU time is what bash counts of its child. */
async function wrk(origin: string): Promise<Pick<Figures, 'ratePerS' | 'cpuUs'>> {
  const said = await output('bash', '-c', `TIMEFORMAT='cpu %U %S'; { time wrk -t1 -c64 -d4s ${origin}; } 2>&1`);
  const [, user, system] = /cpu (\S+) (\S+)/.exec(said) ?? [];
  const requests = Number(/(\d+) requests in/.exec(said)?.[1]);
  return {
    ratePerS: Number(/Requests\/sec:\s+(\S+)/.exec(said)?.[1]),
    cpuUs: ((Number(user) + Number(system)) * 1e6) / requests,
  };
}

/** Medians over fresh processes, one row. */
async function row(name: string, measure: () => Promise<Figures>): Promise<Figures> {
  const done: Figures[] = [];
  while (done.length < processes) done.push(await measure());
  const of = (key: keyof Figures): number => median(done.map((each) => each[key]));
  const figures = Object.fromEntries(
    (Object.keys(done[0] as Figures) as (keyof Figures)[]).map((key) => [key, of(key)]),
  );
  const { ratePerS, dropped, p50Us, p99Us, lagP99Us, firstLagP99Us, cpuUs } = figures as Figures;
  const first = Number.isNaN(firstLagP99Us) ? '' : `, first second ${firstLagP99Us}`;
  print(
    `${name.padEnd(20)} ${Math.round(ratePerS)}/s, dropped ${dropped}, p50 ${p50Us}, p99 ${p99Us}, lag p99 ${lagP99Us}${first}; CPU ${cpuUs.toFixed(1)} µs`,
  );
  return figures as Figures;
}

async function rates(origin: string): Promise<boolean> {
  let holds = true;
  for (const { ratePerS, lagP99Us } of limits) {
    const asked = { ratePerS, durationS };
    const loop = await row(`bare loop, ${ratePerS}/s`, () => bare(origin, asked));
    const own = await row(`headroom, ${ratePerS}/s`, () => ours(origin, asked));
    holds &&= own.dropped === 0 && own.ratePerS > 0.99 * ratePerS && own.lagP99Us < lagP99Us;
    holds &&= own.p99Us <= mostOf.p99OfBare * loop.p99Us;
    holds &&= ratePerS !== firstSecond.ratePerS || own.firstLagP99Us < firstSecond.lagP99Us;
  }
  return holds;
}

async function cpu(origin: string): Promise<boolean> {
  const { ratePerS, cpuUs } = await wrk(origin);
  print(`wrk -t1 -c64         ${Math.round(ratePerS)}/s; CPU ${cpuUs.toFixed(1)} µs`);
  const loop = await row('bare loop, full', () => bare(origin, tooMuch));
  const own = await row('headroom, full', () => ours(origin, tooMuch));
  print(
    `CPU a request: ${(own.cpuUs / cpuUs).toFixed(2)} of wrk's, ${(own.cpuUs / loop.cpuUs).toFixed(2)} of the bare loop's`,
  );
  return own.cpuUs <= mostOf.cpuOfWrk * cpuUs && own.cpuUs <= mostOf.cpuOfBare * loop.cpuUs;
}

async function tls(plain: string, secure: string): Promise<boolean> {
  const open = await row('headroom, plain', () => ours(plain, tooMuch));
  const closed = await row('headroom, TLS 1.3', () => ours(secure, tooMuch));
  print(`TLS holds ${(closed.ratePerS / open.ratePerS).toFixed(2)} of the plain rate`);
  return closed.ratePerS >= leastTlsOfPlain * open.ratePerS;
}

/** One process with many users who each send once a second. */
async function manyConnections(origin: string): Promise<boolean> {
  const { connections, thinkTimeS, durationS, mostMiB } = held;
  const generators = await startGenerators(1, process.env);
  const lines: LoadLine[] = [];
  let opened = 0;
  const users = { kind: 'closed' as const, stage: 0, generator: 0, origin, routes: [page], connections };
  await generators.run([{ ...users, thinkTimeS, durationS, timeoutS: 10, insecure: false }], (line) => {
    if (line.kind === 'load') lines.push(line);
    else opened = line.connections?.opened ?? 0;
  });
  const [pid] = generators.pids;
  const memory = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'));
  generators.close();
  const mib = Number(memory?.[1]) / 1024;
  const sum = (of: (line: LoadLine) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const perS = sum(({ outcomes }) => outcomes.ok) / sum((line) => line.durationS);
  const failed = sum(
    ({ outcomes: { timeout, connectionError, unexpectedStatus: other } }) => timeout + connectionError + other,
  );
  print(
    `${connections} users: ${opened} connections opened, ${Math.round(perS)}/s, ${failed} failed, at most ${mib.toFixed(0)} MiB`,
  );
  return opened === connections && failed === 0 && perS > 0.99 * (connections / thinkTimeS) && mib < mostMiB;
}

/** Prints medians over fresh processes, in microseconds; nginx has the last of two cores, and load the first. */
export async function run(part?: string): Promise<boolean> {
  const { plain, secure, stop } = await startSite();
  const parts = {
    rates: () => rates(plain),
    cpu: () => cpu(plain),
    tls: () => tls(plain, secure),
    held: () => manyConnections(plain),
  };
  let holds = true;
  for (const [name, measure] of Object.entries(parts)) {
    if (part === undefined || part === name) holds = (await measure()) && holds;
  }
  await stop();
  return holds;
}

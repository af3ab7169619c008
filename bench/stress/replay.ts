// `stress --replay` as a user runs it: what reading a million lines takes, how late requests are sent, and when a day throttles.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { seededRandom } from '../../model/random.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { freePorts, startNginx } from '../../test/nginx.ts';
import { output, root, tempFolder } from '../program.ts';
import { median, print } from '../rounds.ts';

export const claim =
  'a log of 1,000,000 lines is read in under 4 s of CPU and 300 MB by the built command; 4 h at 60 times with lag p99 under 5 ms; throttle moment within 5 % (median of 3). Parts: read, lag, throttle';

const most = { cpuS: 4, rssMb: 300, lagUs: 5000, throttlePercent: 5 };
const startMs = Date.parse('2026-03-12T00:00:00Z');
const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** A log in combined format with `perS(hour)` requests in each second; paths are those of a shop, or `path` alone. */
function writeLog(file: string, hours: number, perS: (hour: number) => number, path?: string): void {
  const random = seededRandom(7);
  const into = openSync(file, 'w');
  for (let second = 0; second < hours * 3600; second++) {
    const at = new Date(startMs + second * 1000).toISOString();
    const time = `${at.slice(8, 10)}/${months[Number(at.slice(5, 7)) - 1]}/${at.slice(0, 4)}:${at.slice(11, 19)} +0000`;
    const rate = perS(second / 3600);
    const count = Math.floor(rate) + (random() / 2 ** 32 < rate % 1 ? 1 : 0);
    const lines = Array.from({ length: count }, () => {
      const target = path ?? `/item/${random() % 50_000}?ref=${random() % 20}`;
      return `203.0.113.${random() % 250} - - [${time}] "GET ${target} HTTP/1.1" 200 512 "-" "Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101 Firefox/128.0"\n`;
    });
    if (lines.length > 0) writeSync(into, lines.join(''));
  }
  closeSync(into);
}

/** Runs it and returns its record. */
async function stress(...flags: readonly string[]): Promise<RunRecord> {
  const out = tempFolder();
  const words = ['--import', 'tsx', 'cli.ts', 'stress', '--out', out, '--quiet', ...flags];
  const child = spawn(process.execPath, words, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
  await once(child, 'exit');
  const [id] = readdirSync(out).filter((name) => name.startsWith('2'));
  return JSON.parse(readFileSync(join(out, id ?? 'none', 'run.json'), 'utf8'));
}

/** The reading alone: the part that is asked for is one second, which no address answers. */
async function read(): Promise<boolean> {
  const file = join(tempFolder(), 'access.log');
  writeLog(file, 24, () => 1_000_000 / 86_400);
  const built = join(root, 'dist', 'cli.js');
  const flags = `stress --replay ${file} --from 23:59:58 --target http://127.0.0.1:9/`;
  const script = `TIMEFORMAT='cpu %U %S'; { time ${process.execPath} ${built} ${flags} >/dev/null 2>&1; } 2>&1; true`;
  const taken: number[] = [];
  for (let round = 0; round < 3; round++) {
    const [, user, system] = /cpu (\S+) (\S+)/.exec(await output('bash', '-c', script)) ?? [];
    taken.push(Number(user) + Number(system));
  }
  const rss = Number(/\d+/.exec(await output('bash', '-c', maxRss(built, flags)))?.[0]) / 1024;
  print(`read: ${taken.map((each) => each.toFixed(2)).join(', ')} s of CPU, start and all; ${Math.round(rss)} MB`);
  return median(taken) < most.cpuS && rss < most.rssMb;
}

/** Prints the largest resident set of the command, in KiB. */
function maxRss(program: string, flags: string): string {
  const code = `import resource,subprocess,sys;subprocess.run(sys.argv[1:],stdout=subprocess.DEVNULL,stderr=subprocess.DEVNULL);print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)`;
  return `python3 -c '${code}' ${process.execPath} ${program} ${flags}`;
}

async function lag(): Promise<boolean> {
  const folder = tempFolder();
  const file = join(folder, 'access.log');
  writeLog(file, 4, (hour) => 10 + 8 * Math.sin((hour / 4) * 2 * Math.PI));
  const [port] = await freePorts(1);
  const page = `access_log off; server { listen 127.0.0.1:${port}; default_type text/plain; return 200 hello; }`;
  const nginx = await startNginx(folder, page);
  const run = await stress('--replay', file, '--speed', '60', '--target', `http://127.0.0.1:${port}/`);
  await nginx.stop();
  const stage = run.stages.find(({ name }) => name === 'replay');
  const { sent = 0, dropped = 0 } = stage?.requests ?? {};
  const p99 = stage?.scheduleLagUs?.p99 ?? Number.NaN;
  print(`lag: ${sent} requests sent in 4 min, ${dropped} dropped, lag p99 ${(p99 / 1000).toFixed(2)} ms`);
  return dropped === 0 && p99 < most.lagUs;
}

async function throttle(): Promise<boolean> {
  const file = join(tempFolder(), 'access.log');
  writeLog(file, 1 / 3, () => 1200, '/');
  const errors: number[] = [];
  for (let round = 0; round < 3; round++) {
    const clock = ['--speed', '20', '--credit-clock', '20', '--seed', String(round + 1)];
    const run = await stress('--replay', file, '--instances', 't2.micro', '--credits', '2', ...clock);
    const { predictedS, earliestS, latestS, measuredS } = run.replay?.throttle ?? {};
    const off = 100 * ((predictedS ?? Number.NaN) / (measuredS ?? Number.NaN) - 1);
    errors.push(Math.abs(off));
    print(
      `throttle: predicted after ${predictedS?.toFixed(2)} s (${earliestS?.toFixed(2)} to ${latestS?.toFixed(2)}), measured ${measuredS?.toFixed(2)} s, ${off.toFixed(1)} % off`,
    );
  }
  return median(errors) <= most.throttlePercent;
}

/** Prints what each part measured. */
export async function run(part?: string): Promise<boolean> {
  let holds = true;
  for (const [name, measure] of Object.entries({ read, lag, throttle }))
    if (part === undefined || part === name) holds = (await measure()) && holds;
  return holds;
}

// Open stages, a command in mid-run, and shards, through the command; the target counts what really came.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { scheduleArrivals } from '../loadtest/engines/timing/arrivals.ts';
import { readRun } from '../model/run-folder.ts';
import { headroom, headroomHere, untilVerdict } from './headroom.ts';

/** One request of each path is the preflight's. */
const preflight = 1;

const closers: (() => void)[] = [];
afterAll(() => {
  for (const close of closers) close();
});

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'load-'));
  closers.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A target that counts what came by path, and what a test needs around it: they wait most of their time, and run beside each other. */
async function startTarget(status: () => number = () => 200) {
  const out = makeFolder();
  const seen: Record<string, number> = {};
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    seen[request.url ?? ''] = (seen[request.url ?? ''] ?? 0) + 1;
    response.statusCode = status();
    response.end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const profile = (stages: readonly object[], more: object = {}): string => {
    const file = join(out, 'profile.json');
    writeFileSync(file, JSON.stringify({ name: 'test', description: '', stages, ...more }));
    return file;
  };
  const stress = (...flags: string[]) =>
    headroom(['stress', '--out', join(out, 'runs'), '--metrics', 'none', '--json', ...flags]);
  return { out, seen, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, profile, stress };
}

describe('headroom stress', () => {
  test.concurrent('--poisson comes as the seed draws it, and with another seed otherwise', async () => {
    const { url, stress } = await startTarget();
    const count = async (seed: string) => {
      const { stdout } = await stress(
        '--target',
        `${url}/x`,
        '--rate',
        '60',
        '--duration',
        '1',
        '--poisson',
        '--seed',
        seed,
      );
      return JSON.parse(stdout).runs[0].stages[0].requests.intended;
    };
    const drawn = (seed: number): number => {
      const ratePerS = { from: 60, to: 60 };
      const plan = { arrivalRatePerS: ratePerS, arrivals: 'poisson' as const, durationS: 1, seed };
      const next = scheduleArrivals({ ...plan, generator: 0, generators: 1 });
      let arrivals = 0;
      while (next() !== Number.POSITIVE_INFINITY) arrivals++;
      return arrivals;
    };
    expect(drawn(5)).not.toBe(drawn(4));
    expect([await count('4'), await count('5')]).toEqual([drawn(4), drawn(5)]);
  });

  test.concurrent("a profile's own routes are sent in their weights, with methods and bodies", async () => {
    const { seen, url, profile, stress } = await startTarget();
    const routes = [
      { name: 'read', path: '/r/{code}', weight: 3, expect: [200] },
      { name: 'write', method: 'POST', path: '/w', weight: 1, body: 'x=1', expect: [200] },
    ];
    const file = profile([{ kind: 'open', name: 'mix', arrivalRatePerS: 128, durationS: 1 }], { routes });
    const { stdout } = await stress('--target', url, '--profile', file);
    const run = readRun(JSON.parse(stdout).runs[0].dir);
    expect(run.stages[0]?.routes).toMatchObject({ read: { ok: 96 }, write: { ok: 32 } });
    expect(Object.keys(seen).filter((path) => path.startsWith('/r/')).length).toBe(8);
    expect(seen['/w']).toBe(32 + preflight);
  });

  test.concurrent('a command runs beside its stage, which ends with it; its exit code and output are kept', async () => {
    const { url, profile, stress } = await startTarget();
    const stages = [
      { kind: 'open', name: 'before', arrivalRatePerS: 50, durationS: 1 },
      { kind: 'open', name: 'during', arrivalRatePerS: 50, durationS: 60, during: true },
      { kind: 'open', name: 'after', arrivalRatePerS: 50, durationS: 4, recoverTo: 'before' },
    ];
    const { code, stdout } = await stress(
      '--target',
      `${url}/x`,
      '--profile',
      profile(stages),
      '--during',
      'echo building; sleep 1.5; exit 7',
    );
    const { dir, status, validity } = JSON.parse(stdout).runs[0];
    expect(status).toBe('complete');
    expect(code).toBe(4);
    expect(validity.reasons).toContainEqual(expect.objectContaining({ code: 'command-unsuccessful', exitCode: 7 }));
    const run = readRun(dir);
    expect(run.stages[1]?.command).toMatchObject({ exitCode: 7, line: 'echo building; sleep 1.5; exit 7' });
    expect(run.stages[1]?.durationS).toBeGreaterThan(1);
    expect(run.stages[1]?.durationS).toBeLessThan(20);
    expect(run.stages[1]).not.toHaveProperty('aborted');
    expect(run.recovery).toMatchObject({ stage: 'after', reference: 'before' });
    expect(readFileSync(join(dir, 'during.log'), 'utf8')).toBe('building\n');
  });

  // After the others: its load needs a core.
  test('a build that does not end is stopped, its load is judged by no threshold, and its CPU is its own', async () => {
    const { url, profile, stress } = await startTarget();
    const stages = [
      { kind: 'closed', name: 'load', connections: 2, durationS: 1 },
      { kind: 'build', name: 'build', arrivalRatePerS: 100, durationS: 1, longestS: 2 },
    ];
    // Its last number is the CPU time that it has used by then.
    const endless = `node -e 'setInterval(() => { for (let n = 0; n < 3e7; n++); console.log(process.cpuUsage().user / 1e6); }, 50);'`;
    const flags = ['--target', `${url}/x`, '--threshold', 'throughput >= 110/s', '--during', endless];
    const { code, stdout } = await untilVerdict(() => stress('--profile', profile(stages), ...flags));
    expect(code).toBe(0);
    const [{ dir }] = JSON.parse(stdout).runs;
    const { stages: ran } = readRun(dir);
    expect(ran.map(({ name, role }) => `${name}: ${role}`)).toEqual([
      'load: measured',
      'before build: beside',
      'build: beside',
      'after build: beside',
    ]);
    const { command } = ran[2] ?? {};
    expect(command).toMatchObject({ stopped: true, signal: 'SIGTERM' });
    // After that it has not used much more.
    const ownS = Number(/([\d.]+)\n(?!\d)/.exec(readFileSync(join(dir, 'during.log'), 'utf8'))?.[1] ?? 0);
    expect(command?.cpuS).toBeGreaterThan(ownS - 0.05);
    expect(command?.cpuS).toBeLessThan(ownS + 1);
  });

  test.concurrent('autostop ends a hopeless run, says why and where, and there is no verdict where the thresholds hold', async () => {
    let answered = 0;
    const { url, profile, stress } = await startTarget(() => (++answered > 20 ? 500 : 200));
    const file = profile([{ kind: 'open', name: 'long', arrivalRatePerS: 50, durationS: 60 }], {
      autostop: ['errors.rate > 50% for 2s'],
    });
    const { code, stdout } = await stress(
      '--target',
      `${url}/x`,
      '--profile',
      file,
      '--threshold',
      'throughput >= 1/s',
    );
    const [run] = JSON.parse(stdout).runs;
    expect(run.status).toBe('aborted');
    expect(run.statusReason).toMatchObject({
      code: 'autostop',
      rule: 'errors.rate > 50% for 2s',
      ratePerS: expect.any(Number),
      stage: 'long',
    });
    expect(code).toBe(4);
  });

  // After the others: it has so long to start both.
  // Each request is counted, and this process answers them: nothing else runs beside it.
  test('--rate sends so many per second, whatever happens, and the target has seen each', async () => {
    const { seen, url, stress } = await startTarget();
    const { stdout } = await stress('--target', `${url}/x`, '--rate', '150', '--duration', '2');
    const [stage] = JSON.parse(stdout).runs[0].stages;
    expect(stage.requests).toMatchObject({ intended: 300, sent: 300, completed: 300, dropped: 0, open: 0 });
    expect(seen['/x']).toBe(300 + preflight);
  });

  test.concurrent('two shards send the whole once, and merge into the run that one would have been', async () => {
    const { out, url, profile, stress } = await startTarget();
    const file = profile([
      { kind: 'open', name: 'open', arrivalRatePerS: 100, durationS: 2 },
      { kind: 'closed', name: 'closed', connections: 3, durationS: 1 },
    ]);
    // Beside the others it takes a busy machine a while to come so far.
    const startAt = new Date(Date.now() + 60_000).toISOString();
    const shard = (index: number) =>
      stress('--target', `${url}/x`, '--profile', file, '--shard', `${index}/2`, '--start-at', startAt);
    const shards = await Promise.all([shard(1), shard(2)]);
    const dirs = shards.map(({ stdout }) => JSON.parse(stdout).runs[0].dir);
    const { stdout } = await headroom(['report', '--merge', ...dirs, '--out', join(out, 'merged'), '--json']);
    const merged = readRun(JSON.parse(stdout).dir);
    const parts = dirs.map((dir) => readRun(dir));
    expect(merged.stages[0]?.requests).toMatchObject({ intended: 200, sent: 200 });
    expect(merged.stages[1]?.connections).toBe(3);
    expect(merged.stages[1]?.requests.sent).toBe(
      parts.reduce((sum, part) => sum + (part.stages[1]?.requests.sent ?? 0), 0),
    );
    expect(merged.warnings[0]).toMatchObject({ code: 'shards-merged', merged: 2, of: 2 });
    const clocks = parts.flatMap(({ shard }) => shard?.clock ?? []);
    expect(clocks).not.toEqual([]);
    for (const { offsetMs, uncertaintyMs } of clocks) expect(Math.abs(offsetMs)).toBeLessThan(uncertaintyMs + 50);
    const one = await headroom(['report', '--merge', dirs[0], '--out', join(out, 'merged'), '--json']);
    expect(one.code).toBe(4);
    expect(JSON.parse(one.stdout).judged.validity.reasons).toContainEqual(
      expect.objectContaining({ code: 'shard-missing', shard: '2/2' }),
    );
  });
});

describe('what does not go together', () => {
  test.each<[string[], RegExp]>([
    [['--rate', '5'], /--rate needs --duration, like --duration 60, or a --profile/],
    [['--duration', '5'], /--duration needs --rate/],
    [['--rate', '5', '--duration', '1', '--poisson=maybe'], /--poisson takes no value. Give it without "maybe"/],
    [['--instances', 't2.micro,'], /--instances t2.micro, has an empty name/],
    [['--instances', 't2.micro,t2.micro'], /--instances t2.micro,t2.micro has t2.micro twice: give each type once/],
    [['--instances', 'T2.MIKRO'], /"T2.MIKRO" is not an instance type .* Did you mean t2.micro\?/],
    [['--instances', 't2.micro', '--credits', 'much'], /--credits much is not launch, full, empty/],
    [['--profile', 'nowhere.json'], /there is no file nowhere.json: check the path/],
    [['--rate', '-5', '--duration', '1'], /--rate must be more than 0/],
    [['--rate', '5', '--connections', '5', '--duration', '1'], /give either --rate .* or --connections/],
    [['--connections', '5', '--duration', '1', '--poisson'], /--poisson needs --rate/],
    [['--profile', 'smoke', '--slo', 'latency.p99 < 1s'], /--slo needs --profile capacity/],
    [['--profile', 'capacity', '--slo', 'system.cpu.user.max < 9%'], /system.cpu.user cannot judge a probe/],
    [['--profile', 'rebuild'], /runs a command during its load/],
    [['--profile', 'smoke', '--during', 'true'], /--during needs --profile stress or rebuild/],
    [['--shard', '3/2', '--start-at', '2099-01-01T00:00:00Z', '--profile', 'smoke'], /--shard must be I\/N/],
    [['--shard', '1/2', '--profile', 'smoke'], /--start-at must be a time/],
    [['--shard', '1/2', '--start-at', '2020-01-01T00:00:00Z', '--profile', 'smoke'], /at least 5 s in the future/],
    [
      ['--shard', '1/2', '--start-at', '2099-01-01T00:00:00Z'],
      /--shard needs a profile of closed and open stages only/,
    ],
    [
      ['--target', 'http://127.0.0.1:9/', '--credits', 'empty'],
      /--credits is about emulated instances: add --instances t2/,
    ],
    [['--profile', 'smoke', '--credit-clock', '9'], /--credit-clock is about emulated instances/],
    [['--profile', 'smoke', '--vcpu-share', '0.5'], /--vcpu-share is about emulated instances/],
    [
      ['--instances', 't2.micro', '--emulate', 'never', '--credits', 'empty'],
      /--credits is about emulated instances: emulation is switched off \(--emulate never\)/,
    ],
    [['--profile', 'smoke', '--pair-order', 'at-once'], /--pair-order needs --pair/],
    [
      ['--profile', 'smoke', '--fail-on', 'worse'],
      /--fail-on worse is about a comparison: give two types with --instances, or/,
    ],
    [['--allow-host', 'a'], /--allow-host allows a target on another machine: add --target URL/],
    [['--insecure', '--target', 'http://127.0.0.1:9/'], /--insecure is about a TLS certificate/],
    [
      ['--with', 'ngnix'],
      /--with ngnix: unknown program\. Did you mean nginx\? Known are nginx, datadog-agent, jenkins/,
    ],
    [['--with', 'jenkins', '--target', 'http://127.0.0.1:9/'], /--with is about the machine of an app/],
    [['--host', 'i-0abc', '--profile', 'smoke'], /--host is a name in Datadog: add --metrics datadog, --publish/],
    [
      ['--profile', 'capacity', '--threshold', 'errors.rate < 1%'],
      /--threshold needs a measured stage, which profile capacity/,
    ],
    [
      ['--shard', '1/2', '--start-at', '2099-01-01T00:00:00Z', '--profile', 'smoke'],
      /--shard sends a part of the load to a target that all shards share: add --target URL/,
    ],
    [
      [
        '--shard',
        '1/2',
        '--start-at',
        '2099-01-01T00:00:00Z',
        '--profile',
        'smoke',
        '--target',
        'http://127.0.0.1:9/',
      ].concat(['--daily', '5']),
      /--daily: a shard has no verdict. Merge the shards/,
    ],
    [['--seed', '-1'], /--seed must be a whole number/],
    [['--name', 'a', '--name', 'b'], /--name was given 2 times. Give it once/],
    [['--allow-host', 'a', '--allow-host', 'b', '--allow-host', 'c'], /--allow-host was given 3 times/],
    [['--rate', '5', '--rate', '6', '--duration', '1'], /--rate was given 2 times/],
    [['--profile', 'rebuild', '--during', 'true', '--during', 'true'], /--during was given 2 times/],
  ])('%j', async (flags, sentence) => {
    const { code, stderr } = await headroomHere(['stress', '--out', join(makeFolder(), 'runs'), ...flags]);
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

// The whole way, as a user goes it: the command, its exit code, what it says, what it leaves behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readLines, readRun } from '../model/run-folder.ts';
import { headroom, headroomHere, start, untilVerdict } from './headroom.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(join(tmpdir(), 'pipeline-'));
});
afterEach(() => rmSync(out, { recursive: true, force: true }));

function profile(stages: readonly object[], thresholds: readonly string[] = ['errors.rate < 1%']): string {
  const file = join(out, 'profile.json');
  writeFileSync(file, JSON.stringify({ name: 'short', description: 'for a test', timeoutS: 2, stages, thresholds }));
  return file;
}

const short = [
  { kind: 'idle', name: 'at rest', durationS: 1.2 },
  { kind: 'closed', name: 'warm-up', connections: 2, durationS: 1, warmUp: true },
  { kind: 'ladder', name: 'ladder', connections: [1, 2, 4], durationS: 1 },
];
/** Longer than anything waits for it. */
const long = [{ kind: 'open', name: 'long', arrivalRatePerS: 20, durationS: 600 }];

/** The folder of the only run, as soon as it holds `seconds` lines of load. */
async function runWithLoad(seconds: number): Promise<string> {
  for (;;) {
    const id = existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs'))[0] : undefined;
    // The folder is there a moment before its file.
    if (id !== undefined && existsSync(join(out, 'runs', id, 'seconds.jsonl'))) {
      const dir = join(out, 'runs', id);
      let load = 0;
      for await (const line of readLines(dir)) if (line.kind === 'load') load++;
      if (load >= seconds) return dir;
    }
    await wait(20);
  }
}

/** Whether something listens on the port. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

async function gone(port: number): Promise<true> {
  while (await listens(port)) await wait(20);
  return true;
}

describe('headroom stress', () => {
  test('starts the shortener, stresses, observes, judges and reports', async () => {
    const words = ['stress', '--profile', profile(short), '--out', join(out, 'runs'), '--json'];
    const { code, stdout, stderr } = await untilVerdict(() => headroom([...words, '--name', '<script>x</script>']));
    expect(stderr).toMatch(/4 connections +[\d,]+\/s +p50/);
    expect(code).toBe(0);
    const document = JSON.parse(stdout);
    expect(document).toMatchObject({
      exitCode: 0,
      runs: [
        {
          status: 'complete',
          validity: { verdict: 'valid', reasons: [] },
          thresholds: [{ expression: 'errors.rate < 1%', value: 0, verdict: 'pass' }],
        },
      ],
    });
    const [run] = document.runs;
    expect(run.stages.map((stage: { name: string }) => stage.name).slice(0, 3)).toEqual([
      'at rest',
      'warm-up',
      '1 connection',
    ]);
    for (const { requests, outcomes, statusCounts, throughputPerS, latencyUs } of run.stages.slice(1)) {
      expect(requests.sent).toBe(requests.completed + outcomes.timeout + outcomes.connectionError + requests.open);
      expect(outcomes.unexpectedStatus).toBe(0);
      expect(Object.keys(statusCounts)).toEqual(['200', '302', '404']);
      expect(throughputPerS).toBeGreaterThan(50);
      expect(latencyUs.p50).toBeGreaterThan(0);
    }
    expect(readdirSync(join(run.dir)).sort()).toEqual([
      'alarms.json',
      'observed.json',
      'report',
      'run.json',
      'seconds.jsonl',
    ]);
    for (const file of ['index.html', 'report.css', 'report.md', 'junit.xml', 'report.json'])
      expect(existsSync(join(document.report, file))).toBe(true);
    expect(readFileSync(join(document.report, 'index.html'), 'utf8')).not.toContain('<script>');
    const record = readRun(run.dir);
    expect(record.command).toContain(`'<script>x</script>'`);
    expect(await listens(Number(new URL(record.target.url).port))).toBe(false);
  });

  test('stresses one URL of any web app, and a threshold that fails is exit 3', async () => {
    const server = createServer((request, response) =>
      response.writeHead(request.url === '/page?x=1' ? 200 : 500).end('hi'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const common = [
      'stress',
      '--target',
      `http://127.0.0.1:${port}/page?x=1`,
      '--connections',
      '2',
      '--duration',
      '1',
      '--out',
      join(out, 'runs'),
      '--json',
    ];
    const good = await untilVerdict(() => headroom(common));
    const thresholds = ['--threshold', 'latency.p50 < 1us', '--threshold', 'throughput > 1/s'];
    const failed = await untilVerdict(() => headroom([...common, ...thresholds]));
    server.closeAllConnections();
    server.close();
    expect(good.code).toBe(0);
    expect(JSON.parse(good.stdout).runs[0].stages[0].statusCounts).toEqual({ 200: expect.any(Number) });
    expect(failed.code).toBe(3);
    expect(JSON.parse(failed.stdout).runs[0].thresholds.map((each: { verdict: string }) => each.verdict)).toEqual([
      'fail',
      'pass',
    ]);
  });

  test('a target that dies in mid-run is no verdict, with the partial run on disk', async () => {
    const script = `require('node:http').createServer((q,r)=>r.end('ok')).listen(0,'127.0.0.1',function(){console.log(this.address().port)})`;
    const target = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = await once(target.stdout as NodeJS.ReadableStream, 'data');
    const { ended } = start([
      'stress',
      '--target',
      `http://127.0.0.1:${String(chunk).trim()}/x`,
      '--profile',
      profile(long),
      '--out',
      join(out, 'runs'),
      '--json',
    ]);
    const dir = await runWithLoad(2);
    target.kill('SIGKILL');
    const { code, stdout } = await ended;
    expect(code).toBe(4);
    const [run] = JSON.parse(stdout).runs;
    expect(run.status).toBe('aborted');
    expect(run.statusReason?.code).toBe('target-silent');
    expect(run.stages[0].requests.completed).toBeGreaterThan(0);
    expect(readRun(dir).status).toBe('aborted');
    expect(existsSync(join(dir, 'report', 'index.html'))).toBe(true);
  });

  test('so is one that dies while a ladder of short stages climbs: no saturation is made of silence', async () => {
    let answered = 0;
    const server = createServer((_, response) => {
      response.end('ok');
      if (++answered === 500) {
        server.close();
        server.closeAllConnections();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const file = profile([{ kind: 'ladder', name: 'ladder', connections: [1, 2, 4, 8, 16], durationS: 1 }]);
    const { code, stdout } = await headroom([
      'stress',
      '--target',
      `http://127.0.0.1:${port}/x`,
      '--profile',
      file,
      '--out',
      join(out, 'runs'),
      '--json',
    ]);
    const [run] = JSON.parse(stdout).runs;
    expect(run).toMatchObject({ status: 'aborted', statusReason: { code: 'nothing-answered' } });
    expect(run).not.toHaveProperty('saturation');
    expect(code).toBe(4);
  });

  test('Ctrl-C ends the run in order: exit 130, saved and reported, the app gone', async () => {
    const { child, ended } = start(['stress', '--profile', profile(long), '--out', join(out, 'runs'), '--json']);
    const dir = await runWithLoad(1);
    child.kill('SIGINT');
    const { code, stdout } = await ended;
    expect(code).toBe(130);
    expect(JSON.parse(stdout).runs[0]).toMatchObject({
      status: 'interrupted',
      statusReason: { code: 'interrupted', text: 'stopped by SIGINT' },
    });
    expect(existsSync(join(dir, 'report', 'report.md'))).toBe(true);
    expect(await listens(Number(new URL(readRun(dir).target.url).port))).toBe(false);
  });

  test('Ctrl-C also ends a run whose target has not answered yet', async () => {
    const server = createServer(() => {});
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const target = ['--target', `http://127.0.0.1:${port}/x`, '--timeout', '300'];
    const { child, ended } = start([
      'stress',
      ...target,
      '--profile',
      profile(long),
      '--out',
      join(out, 'runs'),
      '--json',
    ]);
    server.once('request', () => child.kill('SIGINT'));
    const { code, stdout } = await ended;
    server.closeAllConnections();
    server.close();
    expect(code).toBe(130);
    expect(JSON.parse(stdout).runs[0]).toMatchObject({ status: 'interrupted' });
  });

  test('a killed harness leaves its seconds, its app goes, and the report says partial', async () => {
    const { child, ended } = start(['stress', '--profile', profile(long), '--out', join(out, 'runs')]);
    const dir = await runWithLoad(2);
    child.kill('SIGKILL');
    await ended;
    expect(await gone(Number(new URL(readRun(dir).target.url).port))).toBe(true);
    const { code, stdout } = await headroom(['report', dir, '--json']);
    expect(code).toBe(4);
    expect(JSON.parse(stdout).judged.verdict).toBe('no-verdict');
    expect(readFileSync(join(dir, 'report', 'index.html'), 'utf8')).toMatch(/partial/i);
  });
});

describe('a mistake of the user is one sentence and exit 2, with nothing left behind', () => {
  const cases: [string, string[], RegExp][] = [
    ['unknown flag', ['stress', '--colour'], /--colour is not a known flag/],
    ['unknown command', ['strss'], /"strss" is not a known command or flag\. Did you mean stress\?/],
    ['no command', [], /give a command: stress, report/],
    ['threshold', ['stress', '--threshold', 'latency.p99 << 3'], /latency\.p99 << 3\n +\^ expected a number/],
    ['profile', ['stress', '--profile', 'smok'], /Did you mean smoke/],
    [
      'nothing listens',
      ['stress', '--target', 'http://127.0.0.1:9', '--profile', 'smoke'],
      /refused the connection: nothing listens on that port/,
    ],
    ['a stranger', ['stress', '--target', 'http://example.invalid/'], /repeat its name: --allow-host example\.invalid/],
    ['not a URL', ['stress', '--target', 'localhost:3000'], /Give one like http:\/\/localhost:3000\//],
    ['statuses', ['stress', '--target', 'http://127.0.0.1:9/x', '--expect', '2xx'], /is not a list of HTTP statuses/],
    ['half a stage', ['stress', '--connections', '5'], /--connections needs --duration/],
    ['generators', ['stress', '--generators', '0'], /--generators must be a whole number/],
    ['no run there', ['report', 'no-such-run'], /is not a run folder/],
    [
      'no run to compare',
      ['report', 'no-such-run', '--baseline', 'main'],
      /^headroom: no-such-run is not a run folder/,
    ],
    ['no shards', ['report', '--merge'], /--merge needs the run folders of the shards/],
    ['runs in a file', ['report', '--list', '--out', 'package.json'], /there is no folder package\.json: give/],
    ['predictions in a file', ['report', '--predictions', '--out', 'package.json'], /there is no folder package\.json/],
    ['builds without a number', ['stress', '--build-cpu', '2x8s'], /Add the number of builds a day: --builds N/],
    ['part of a build', ['stress', '--builds', '1.5'], /--builds must be a whole number/],
    [
      'a unit',
      ['stress', '--rate', '100', '--duration', '5m'],
      /--duration 5m is not a number: write it without units/,
    ],
    ['a second --', ['stress', '--', '--target', 'http://127.0.0.1:9/'], /--target is not read, as it follows "--"/],
    [
      'an address alone',
      ['127.0.0.1:9'],
      /"127\.0\.0\.1:9" is not a flag\. Give it as http:\/\/127\.0\.0\.1:9\/ \(see/,
    ],
    [
      'an address without its flag',
      ['stress', 'http://127.0.0.1:9/x'],
      /Give it as --target http:\/\/127\.0\.0\.1:9\/x/,
    ],
  ];
  test.each(cases)('%s', async (_, args, sentence) => {
    const folder = args[0] === 'stress' ? ['--out', join(out, 'runs')] : [];
    const { code, stdout, stderr } = await headroomHere([...args, ...folder]);
    expect(stderr).toMatch(sentence);
    expect(stderr).not.toMatch(/\n\s+at /);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(existsSync(join(out, 'runs')) ? readdirSync(join(out, 'runs')) : []).toEqual([]);
  });

  test('a target that answers 500, redirects elsewhere, is another app, or is silent', async () => {
    const http = createServer((request, response) => {
      if (request.url === '/broken') response.writeHead(500).end();
      else response.writeHead(302, { location: '/login' }).end();
    });
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    const sockets: { destroy(): void }[] = [];
    const silent = createTcpServer((socket) => sockets.push(socket));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const origin = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const stress = (...words: readonly string[]) =>
      headroomHere(['stress', '--profile', 'smoke', '--target', ...words, '--out', join(out, 'runs')]);
    const cases = [
      [[`${origin}/broken`], /answered 500, expected 2xx or 3xx/],
      [[origin, '--routes', 'shortener'], /redirects to \/login, but urls\.json has/],
      [[`${origin}/x`, '--routes', 'shortener'], /--routes shortener needs a --target like/],
      [
        [`http://127.0.0.1:${(silent.address() as AddressInfo).port}/`, '--timeout', '2'],
        /did not respond within [\d.]+ s/,
      ],
    ] as const;
    const ended = await Promise.all(cases.map(([words]) => stress(...words)));
    http.closeAllConnections();
    http.close();
    for (const socket of sockets) socket.destroy();
    silent.close();
    for (const [index, { code, stderr }] of ended.entries()) {
      expect(stderr).toMatch(cases[index]?.[1] ?? /never/);
      expect(code).toBe(2);
    }
  });

  test('an --out in a file system where nothing can be made', async () => {
    const { code, stderr } = await headroomHere(['stress', '--emulate', 'never', '--out', '/proc/nope']);
    expect(stderr).toMatch(/choose a writable folder with --out/);
    expect(code).toBe(2);
  });

  test('a flag without its value', async () => {
    const { code, stderr } = await headroomHere(['stress', '--rate']);
    expect(stderr).toBe('headroom: give a value to --rate (see --help)\n');
    expect(code).toBe(2);
  });

  test('an --out that cannot be written', async () => {
    writeFileSync(join(out, 'file'), '');
    const { code, stderr } = await headroomHere(['stress', '--emulate', 'never', '--out', join(out, 'file')]);
    expect(stderr).toMatch(/choose a writable folder with --out/);
    expect(code).toBe(2);
  });
});

test('a reader that leaves early changes no exit code', async () => {
  const trace = join(out, 'trace.json');
  writeFileSync(trace, '[{"hours":1,"cpuUtilizationPercent":50}]');
  const { child, ended } = start(['size', 'replay', '--instance', 't2.micro', '--start', 'launch', '--trace', trace]);
  child.stdout?.destroy();
  expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('npm starts the build, which npm test has made of every source', async () => {
  const show = 'data:text/javascript,process.on("exit",()=>console.error(process.argv[1]))';
  const launched = await headroom(['--version'], ['--import', show, 'launch.js', 'cli']);
  expect(launched.stderr).toMatch(/dist.cli\.js\n$/);
});

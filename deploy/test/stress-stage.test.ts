// The Stress and Report stages without any load: `node` is a stub that records how the command was called.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'stress-stage-'));
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true, filter: (path) => !path.endsWith('test') });
  mkdirSync(join(folder, 'bin'));
  const stub = `#!/bin/sh
case $1 in -p) echo "PASS: a headline"; exit ;; esac
shift
printf '%s\\n' "$@" >>calls
echo -- >>calls
case $1 in stress) mkdir -p runs/history/stub/report && echo '{}' | tee runs/history/stub/run.json >runs/history/stub/report/report.json && sleep 0.01 ;; esac
case "$*" in *--baseline*) exit \${STUB_COMPARE:-0} ;; esac
exit \${STUB_CODE:-0}
`;
  writeFileSync(join(folder, 'bin', 'node'), stub, { mode: 0o755 });
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs the stage; `calls` are the arguments of each `headroom` command so far. */
function stage(args: readonly string[], environment: Record<string, string> = {}, script = 'stress-stage.sh') {
  const { status, stderr } = spawnSync(join(folder, 'deploy', script), args, {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: `${join(folder, 'bin')}:/usr/bin:/bin`, ...environment },
  });
  const recorded = join(folder, 'calls');
  const calls = (existsSync(recorded) ? readFileSync(recorded, 'utf8') : '')
    .split('--\n')
    .filter(Boolean)
    .map((call) => call.trimEnd().split('\n'));
  return { status, stderr, calls };
}

/** A recorded run in the history, newer than the last `clear`, and than any that a test makes. */
function record(name: string): void {
  const run = join(folder, 'runs', 'history', name);
  mkdirSync(join(run, 'report'), { recursive: true });
  writeFileSync(join(run, 'report', 'report.json'), '{}');
  writeFileSync(join(run, 'run.json'), '{}');
  const later = Date.now() / 1000 + 86_400;
  utimesSync(join(run, 'run.json'), later, later);
}

const out = ['--out', 'runs/history'];

test('the main branch is loaded as its parameters say', () => {
  const parameters = {
    BRANCH_NAME: 'main',
    BUILD_NUMBER: '7',
    PROFILE: 'soak',
    TARGET: 'http://10.0.0.5:5000/',
    ALLOW_HOST: '10.0.0.5',
    INSTANCE: 't2.micro',
    THRESHOLDS: 'latency.p99 < 100ms\nerrors.rate < 1%',
  };
  const target = ['--target=http://10.0.0.5:5000/', '--name=build-7', '--allow-host=10.0.0.5'];
  const rest = ['--instance=t2.micro', '--threshold=latency.p99 < 100ms', '--threshold=errors.rate < 1%'];
  expect(stage(['run'], parameters).calls[0]).toEqual(['stress', '--profile=soak', ...target, ...rest, ...out]);
  // The box gives builds its own type, which is not that of another target.
  const box = { HEADROOM_INSTANCE: 't2.medium', HEADROOM_HOST: 'i-0abc' };
  expect(
    stage(['run'], { ...parameters, ...box, INSTANCE: '' })
      .calls.at(-2)
      ?.join(' '),
  ).not.toContain('--instance');
  expect(stage(['run'], { ...box, BRANCH_NAME: 'main' }).calls.at(-2)).toContain('--instance=t2.medium');
});

test.each(['INSTANCE', 'TARGET', 'ALLOW_HOST', 'PROFILE', 'THRESHOLDS', 'MONITOR_HOST'])(
  'a flag in %s stays a value, and the stage is not green without a run',
  (name) => {
    const { calls } = stage(['run'], { DRILL: 'true', DD_API_KEY: 'k', [name]: '--help' });
    expect(calls[0]).not.toContain('--help');
    expect(calls[0]?.join(' ')).toContain('=--help');
    writeFileSync(join(folder, 'bin', 'node'), '#!/bin/sh\n', { mode: 0o755 });
    rmSync(join(folder, 'runs'), { recursive: true });
    const { status, stderr } = stage(['run'], { [name]: '--help' });
    expect({ status, stderr }).toEqual({ status: 1, stderr: 'stress-stage.sh: no run was recorded\n' });
  },
);

test('recipients of notifications are words, and neither patterns nor flags', () => {
  const environment = { NOTIFY: '* --help @ops@example.com', MONITOR_HOST: '-n' };
  const { status, calls } = stage([], environment, 'monitors-stage.sh');
  expect(status).toBe(0);
  const notify = ['--notify=*', '--notify=--help', '--notify=@ops@example.com'];
  expect(calls).toEqual([['monitors', 'apply', '--host=-n', ...notify, '--yes']]);
});

test('any other branch gets a short run against an app of its own', () => {
  const { calls } = stage(['run'], { BRANCH_NAME: 'PR-7', PROFILE: 'stress', TARGET: 'http://127.0.0.1:5000/' });
  expect(calls).toEqual([['stress', '--profile=smoke', '--name=branch-PR-7', ...out]]);
});

test('a drill needs the keys of Datadog, and the rebuild profile runs a build meanwhile', () => {
  const drill = { DRILL: 'true', MONITOR_HOST: 'i-0abc' };
  expect(stage(['run'], drill).calls.at(-2)).not.toContain('--drill');
  expect(
    stage(['run'], { ...drill, DD_API_KEY: 'k' })
      .calls.at(-2)
      ?.join(' '),
  ).toContain('--publish --drill --host=i-0abc');
  // On EC2 headroom knows the instance by itself.
  expect(stage(['run'], { DRILL: 'true', DD_API_KEY: 'k' }).calls.at(-2)?.join(' ')).not.toContain('--host');
  expect(stage(['run'], { PROFILE: 'rebuild' }).calls.at(-2)).toContain('--during=npm run -s build');
});

test.each([
  ['run', [0, 1, 2, 3, 4], [0, 1, 2, 3, 4]],
  ['shard 1 3 2026-01-01T00:00:00Z', [0, 1, 2, 3, 4], [0, 1, 2, 0, 0]],
])('%s that ends with %j exits with %j', (args, codes, exits) => {
  expect(codes.map((code) => stage(args.split(' '), { STUB_CODE: String(code) }).status)).toEqual(exits);
});

test('a run of the main branch is compared with the last green one, and worse is exit code 3', () => {
  stage(['clear']);
  record('20260101-build-1');
  const pin = ['report', 'runs/history/20260101-build-1', '--pin=load', '--quiet'];
  const main = { BRANCH_NAME: 'main', PROFILE: 'load' };
  expect(stage(['run'], main).calls.at(-1)).toEqual(pin);
  writeFileSync(join(folder, 'runs', 'history', 'baselines.json'), '{\n "load": "20250101-build-0"\n}\n');
  const compared = ['report', 'runs/history/20260101-build-1', '--baseline=load', '--fail-on', 'worse'];
  const after = (code: string) => {
    rmSync(join(folder, 'calls'));
    const { status, calls } = stage(['run'], { ...main, STUB_COMPARE: code });
    expect(calls[1]).toEqual(compared);
    return { status, last: calls.at(-1) };
  };
  expect(after('0')).toEqual({ status: 0, last: pin });
  expect(after('2')).toEqual({ status: 0, last: pin });
  expect(after('3')).toEqual({ status: 3, last: compared });
  expect(after('4')).toEqual({ status: 0, last: compared });
  rmSync(join(folder, 'calls'));
  expect(stage(['run'], { BRANCH_NAME: 'PR-7' }).calls).toHaveLength(1);
});

test('a merge needs every shard', () => {
  mkdirSync(join(folder, 'runs', 'shards', '1', 'a'), { recursive: true });
  expect(stage(['merge', '2'])).toMatchObject({
    status: 4,
    calls: [],
    stderr: expect.stringContaining('1 of 2 shards'),
  });
  mkdirSync(join(folder, 'runs', 'shards', '2', 'b'), { recursive: true });
  expect(stage(['merge', '2']).calls).toEqual([
    ['report', '--merge', 'runs/shards/1/a', 'runs/shards/2/b', '--out', 'runs/history'],
  ]);
});

test('the report is of the newest run since the last clear, and the trend of at least two builds', () => {
  expect(stage(['clear']).status).toBe(0);
  expect(stage(['report'])).toMatchObject({
    calls: [],
    stderr: expect.stringContaining('no run since the last clear'),
  });
  record('20260101-build-1');
  expect(stage(['report'])).toMatchObject({ calls: [], stderr: '' });
  expect(stage(['report'])).toMatchObject({ calls: [], stderr: expect.stringContaining('in runs/last already') });
  expect(readFileSync(join(folder, 'runs', 'last', 'verdict.txt'), 'utf8')).toBe('PASS: a headline\n');
  stage(['clear']);
  record('20260102-build-2');
  for (const branch of ['20260102-090000-branch-build-3-k3fm', '20260102-090000-hotfix-build-3-k3fm']) {
    record(branch);
    const before = Date.now() / 1000 - 60;
    utimesSync(join(folder, 'runs', 'history', branch, 'run.json'), before, before);
  }
  expect(stage(['report']).calls).toEqual([
    [
      'report',
      '--trend',
      'runs/history/20260101-build-1',
      'runs/history/20260102-build-2',
      '--out',
      'runs/trend',
      '--quiet',
    ],
  ]);
});

test('the profiles that the stress stage names are documented', () => {
  const jenkinsfile = readFileSync(join(root, 'Jenkinsfile'), 'utf8');
  const script = readFileSync(join(root, 'deploy', 'stress-stage.sh'), 'utf8');
  const named = [
    /name: 'PROFILE', choices: \['(\w+)'/.exec(jenkinsfile)?.[1],
    ...[...script.matchAll(/--profile=(\w+)|PROFILE:-(\w+)|PROFILE:-\}" = (\w+)/g)].map(([, a, b, c]) => a ?? b ?? c),
  ];
  expect(named).toEqual(expect.arrayContaining(['stress', 'smoke', 'rebuild']));
  const documented = readFileSync(join(root, 'docs', 'profiles.md'), 'utf8');
  expect(named.filter((name) => !documented.includes(`| \`${name}\` |`))).toEqual([]);
});

test.each([[['run', '--help']], [['clear', 'x']], [['shard', '1', '2']], [['merge']], [['']], [[]]])(
  '%j is answered by the usage, and nothing is run or removed',
  (args) => {
    mkdirSync(join(folder, 'runs', 'last'), { recursive: true });
    const { status, stderr, calls } = stage(args);
    expect([status, calls]).toEqual([2, []]);
    expect(stderr).toMatch(/^The Stress and Report stages/);
    expect(existsSync(join(folder, 'runs', 'last'))).toBe(true);
  },
);

test.each([
  [['merge', 'two'], {}, "merge takes the number of shards, not 'two'"],
  // Bash would run the command.
  [['report'], { KEEP_RUNS: 'a[$(id)]' }, "KEEP_RUNS is 'a[$(id)]'"],
  [['report'], { KEEP_RUNS: '0' }, "KEEP_RUNS is '0'"],
])('%j with %j is refused in one sentence', (args, environment, problem) => {
  const { status, stderr, calls } = stage(args, environment);
  expect([status, calls, stderr.trim().split('\n').length]).toEqual([2, [], 1]);
  expect(stderr).toContain(problem);
});

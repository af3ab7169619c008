// What the scripts do under systemd, without systemd: in a mount namespace, `systemctl` is a stub with two units in files.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const unshare = ['--map-root-user', '--mount', 'sh', '-c'];
const mounts = 'mount -t tmpfs headroom /run && mkdir -p /run/systemd/system';
const inNamespace = canMount() || process.env.CI ? describe : describe.skip;
let folder: string;

function canMount(): boolean {
  return spawnSync('unshare', [...unshare, mounts]).status === 0;
}

inNamespace('under systemd (needs unshare)', () => {
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'service-'));
    mkdirSync(join(folder, 'bin'));
    mkdirSync(join(folder, 'srv'));
    // The state and main process of a unit stand in files.
    program(
      'systemctl',
      `case $1 in
  cat) exit 0 ;;
  show) for unit; do :; done; case "$*" in *MainPID*) cat ${folder}/$unit.pid ;; *) cat ${folder}/$unit.state ;; esac ;;
  stop) echo "stop $2" >>${folder}/calls; echo inactive >${folder}/$2.state; echo 0 >${folder}/$2.pid ;;
  *) echo "$*" >>${folder}/calls ;;
esac`,
    );
    program('journalctl', 'echo "the last line of $2"');
    unit('current', 'active', '1');
    unit('next', 'inactive', '0');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  function program(name: string, body: string): void {
    writeFileSync(join(folder, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
  }
  function unit(name: string, state: string, pid: string): void {
    writeFileSync(join(folder, `headroom@${name}.service.state`), `${state}\n`);
    writeFileSync(join(folder, `headroom@${name}.service.pid`), `${pid}\n`);
  }
  function run(script: string, environment: Record<string, string> = {}) {
    const { status, stdout, stderr } = spawnSync('unshare', [...unshare, `${mounts} && exec bash -c "$SCRIPT"`], {
      cwd: root,
      encoding: 'utf8',
      // Bash reads the user's start-up files when its input is a socket.
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
        HEADROOM_ROOT: join(folder, 'srv'),
        SCRIPT: script,
        ...environment,
      },
    });
    const calls = join(folder, 'calls');
    return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
  }

  test('a release that is checked is stopped at the end, also when the deployment fails', () => {
    unit('next', 'active', '1');
    const script = "set -euo pipefail; . deploy/service.sh; trap 'app_stop next; echo ended' EXIT; exit 1";
    const { status, stdout, calls } = run(script);
    expect({ status, stdout, calls }).toEqual({ status: 1, stdout: 'ended\n', calls: 'stop headroom@next.service\n' });
  });

  test('whether there is a unit is asked once, however long an app takes to start', () => {
    const stub = readFileSync(join(folder, 'bin', 'systemctl'), 'utf8');
    writeFileSync(join(folder, 'bin', 'systemctl'), stub.replace('\n', `\necho "$1" >>${folder}/asked\n`));
    const { status } = run('. deploy/service.sh; start_limit_s=1; app_answers current');
    const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
    expect(status).toBe(1);
    expect(asked.length).toBeGreaterThan(2);
    expect(asked.filter((verb) => verb === 'cat')).toEqual(['cat']);
  });

  test('a question that takes long is asked again after as long a pause', () => {
    const script = `. deploy/service.sh; unset EPOCHREALTIME; EPOCHREALTIME=7.000000; times=0
      sleep() { echo "pause $1"; }
      slow() { times=$((times + 1)); EPOCHREALTIME="$((7 + times)).450000"; [ "$times" -eq 3 ]; }
      within 60 slow; quick() { [ "$((quick += 1))" -eq 2 ]; }; within 60 quick`;
    const { status, stdout } = run(script);
    expect({ status, stdout }).toEqual({ status: 0, stdout: 'pause 1.450000\npause 1.000000\npause 0.200000\n' });
  });

  test('no function of service.sh returns the status from before a trap', () => {
    const lines = readFileSync(join(root, 'deploy', 'service.sh'), 'utf8').split('\n');
    expect(lines.filter((line) => /\breturn\s*($|;)/.test(line.replace(/#.*/, '')))).toEqual([]);
  });

  test('stop.sh stops a release between two of its crashes, when it has no process', () => {
    unit('current', 'activating', '0');
    const { status, stderr, calls } = run('deploy/stop.sh');
    expect(status).toBe(0);
    expect(stderr).toBe('stop.sh: next: not running\nstop.sh: current: stopped\n');
    expect(calls).toBe('stop headroom@current.service\n');
  });

  test('the log of a release that fails its check comes from the journal', () => {
    expect(run('. deploy/service.sh; app_log next').stdout).toBe('the last line of headroom@next.service\n');
  });

  test('a reload that failed is noticed at once', () => {
    program('pgrep', 'echo 1');
    program(
      'curl',
      `n=$(cat ${folder}/scrapes 2>/dev/null || echo 0); echo $((n + 1)) >${folder}/scrapes
echo 'shortener_reloads_total{result="done"} 4'; echo "shortener_reloads_total{result=\\"failed\\"} $((n > 1))"`,
    );
    const { stdout, calls } = run('. deploy/service.sh; app_reload || echo failed');
    expect(stdout).toBe('failed\n');
    // Before the reload, without a failure after it, and with one.
    expect(readFileSync(join(folder, 'scrapes'), 'utf8')).toBe('3\n');
    expect(calls).toBe('reload headroom@current.service\n');
  });
});

test('the site that root installs can be read by the builds that compare it with theirs', () => {
  folder = mkdtempSync(join(tmpdir(), 'site-'));
  const site = join(folder, 'headroom.conf');
  const env = { ...process.env, HEADROOM_SITE: site, HEADROOM_NGINX: 'true' };
  execFileSync(join(root, 'deploy', 'site.sh'), { env, stdio: 'ignore' });
  expect(statSync(site).mode & 0o777).toBe(0o644);
  rmSync(folder, { recursive: true });
});

test('release.sh refuses what it does not know, before it does anything', () => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  for (const args of [['--frob'], ['--back', 'x'], ['back'], [''], ['--back', '']]) {
    const env = { ...process.env, HEADROOM_ROOT: join(folder, 'srv') };
    const { status, stderr } = spawnSync(join(root, 'deploy', 'release.sh'), args, { env, encoding: 'utf8' });
    expect(status).toBe(2);
    expect(stderr).toBe(`release.sh: unknown argument: '${args.join(' ')}'. Usage: deploy/release.sh [--back]\n`);
    expect(existsSync(join(folder, 'srv'))).toBe(false);
  }
  rmSync(folder, { recursive: true });
});

test.each([
  ['box-name.sh', ['--help'], {}, "unknown argument: '--help'"],
  ['monitors-stage.sh', ['--help'], {}, "unknown argument: '--help'"],
  ['ec2/set-up.sh', ['--help'], {}, "unknown argument: '--help'"],
  ['ec2/set-up.sh', [], { HEADROOM_ROLE: 'jenkins' }, "HEADROOM_ROLE is 'jenkins'"],
  ['site.sh', ['x'], { HEADROOM_SITE: '/nowhere/site' }, "unknown argument: 'x'"],
  ['site.sh', [], {}, 'HEADROOM_SITE is not set'],
  ['site.sh', [], { HEADROOM_SITE: '/nowhere/site', HEADROOM_SITE_PORT: '5000|x' }, "HEADROOM_SITE_PORT is '5000|x'"],
  ['stop.sh', [''], {}, 'usage: deploy/stop.sh [current|next]'],
  ['stop.sh', ['next', 'current'], {}, 'usage: deploy/stop.sh [current|next]'],
  // Bash would run the command.
  ['stop.sh', [], { HEADROOM_PORT: 'a[$(id)]' }, "HEADROOM_PORT is 'a[$(id)]'"],
  ['stop.sh', [], { HEADROOM_PORT: '65536' }, "HEADROOM_PORT is '65536'. Set it to a whole number from 1 to 65535"],
  ['stop.sh', [], { HEADROOM_START_S: '-1' }, "HEADROOM_START_S is '-1'"],
  ['stop.sh', [], { HEADROOM_PORT: '08001' }, 'are both 8001'],
  ['release.sh', [], { HEADROOM_KEEP: '0' }, "HEADROOM_KEEP is '0'"],
  ['release.sh', [], { HEADROOM_WORKERS: 'two' }, "HEADROOM_WORKERS is 'two'"],
])('%s %j with %j is refused, before it does anything', (script, args, environment, problem) => {
  folder = mkdtempSync(join(tmpdir(), 'refused-'));
  const env = { PATH: process.env.PATH, HEADROOM_ROOT: join(folder, 'srv'), HEADROOM_NO_SYSTEMD: '1', ...environment };
  const { status, stderr } = spawnSync(join(root, 'deploy', script), args, { env, encoding: 'utf8' });
  expect([status, stderr.trim().split('\n').length]).toEqual([2, 1]);
  expect(stderr).toContain(problem);
  expect(existsSync(join(folder, 'srv'))).toBe(false);
  rmSync(folder, { recursive: true });
});

test('the deployed app inherits no open file and no variable of the deployment', () => {
  folder = mkdtempSync(join(tmpdir(), 'app-'));
  const srv = join(folder, 'srv');
  mkdirSync(join(srv, 'shared'), { recursive: true });
  mkdirSync(join(srv, 'current', 'dist', 'app'), { recursive: true });
  for (const name of ['app', 'current']) writeFileSync(join(srv, 'shared', `${name}.env`), '');
  writeFileSync(
    join(srv, 'current', 'dist', 'app', 'server.js'),
    `const fs = require('node:fs');
    const own = fs.readdirSync('/proc/self/fd').map((fd) => { try { return fs.readlinkSync('/proc/self/fd/' + fd); } catch { return ''; } });
    fs.writeFileSync('${folder}/seen.json', JSON.stringify({ files: own.filter((path) => path.startsWith('${folder}/lock')), names: Object.keys(process.env) }));
    setTimeout(() => {}, 600_000);`,
  );
  const script = `. deploy/service.sh; exec 9>${folder}/lock-9 20>${folder}/lock-20; app_start current
    until [ -s ${folder}/seen.json ]; do sleep 0.1; done; app_stop current`;
  const env = {
    ...process.env,
    HEADROOM_ROOT: srv,
    HEADROOM_NO_SYSTEMD: '1',
    DD_API_KEY: 'k',
    JENKINS_NODE_COOKIE: 'c',
  };
  execFileSync('bash', ['-c', script], { cwd: root, env });
  const { files, names } = JSON.parse(readFileSync(join(folder, 'seen.json'), 'utf8'));
  expect(files).toEqual([]);
  expect(names).not.toEqual(expect.arrayContaining(['DD_API_KEY']));
  expect(names).not.toEqual(expect.arrayContaining(['JENKINS_NODE_COOKIE']));
  rmSync(folder, { recursive: true });
});

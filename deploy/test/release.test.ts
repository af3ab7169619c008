// What a deployment leaves behind when it fails on the way: `npm` and the app are not needed for that.
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const unshare = ['unshare', '--map-root-user', '--mount', 'sh', '-c'];
const onFullDisk =
  'mount -t tmpfs -o size=64k headroom "$HEADROOM_ROOT" && mkdir -p "$HEADROOM_ROOT/releases" "$HEADROOM_ROOT/shared/data"';
const canMount = spawnSync(unshare[0] ?? '', [...unshare.slice(1), 'mount -t tmpfs headroom /run']).status === 0;
let folder: string;
let srv: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'release-'));
  srv = join(folder, 'srv');
  cpSync(join(root, 'deploy'), join(folder, 'deploy'), { recursive: true, filter: (path) => !path.endsWith('/test') });
  for (const name of ['dist/app', 'node_modules', 'bin', 'srv']) mkdirSync(join(folder, name), { recursive: true });
  for (const name of ['dist/app/server.js', 'package.json', 'package-lock.json', 'urls.json'])
    writeFileSync(join(folder, name), '{}');
});
afterEach(() => rmSync(folder, { recursive: true }));

function run(words: readonly string[], environment: Record<string, string> = {}) {
  const [program = '', ...args] = words;
  return spawnSync(program, args, {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:${process.env.PATH}`,
      HEADROOM_ROOT: srv,
      HEADROOM_NO_SYSTEMD: '1',
      ...environment,
    },
  });
}

test('a build that cannot be copied whole is not deployed, and nothing of it stays', () => {
  // As on a full disk: a part is there.
  writeFileSync(
    join(folder, 'bin', 'cp'),
    '#!/bin/sh\nfor to; do :; done; mkdir -p "$to/dist"; echo "No space left" >&2; exit 1\n',
    { mode: 0o755 },
  );
  const { status, stderr } = run(['deploy/release.sh']);
  expect(status).toBe(1);
  expect(stderr).toContain('No space left');
  expect(stderr).toContain('could not be copied');
  expect(stderr).toContain('nothing was deployed');
  expect(readdirSync(join(srv, 'releases'))).toEqual([]);
  expect(existsSync(join(srv, 'next'))).toBe(false);
});

(canMount || process.env.CI ? test : test.skip)('on a full disk the settings stay as they were (needs unshare)', () => {
  const fill = 'cat /dev/zero >"$HEADROOM_ROOT/ballast"';
  const script = `${onFullDisk}; cd "$HEADROOM_ROOT/shared"; echo PORT=1 >current.env; ${fill}; cd - >/dev/null; deploy/release.sh; echo "$?"; ls "$HEADROOM_ROOT/shared"; cat "$HEADROOM_ROOT/shared/current.env"`;
  const { stdout } = run([...unshare, script]);
  expect(stdout).toMatch(/^1\n/);
  expect(stdout).not.toContain('app.env\n');
  expect(stdout).toMatch(/\nPORT=1\n$/);
});

test.each(["it's", 'it\\s'])('the path %s, in which no app runs, ends the deployment before it begins', (name) => {
  const { status, stderr } = run(['deploy/release.sh'], { HEADROOM_ROOT: join(folder, name) });
  expect(status).toBe(2);
  expect(stderr).toContain('a quotation mark, a backslash or a line break cannot stand in this path or name');
  expect(readdirSync(join(folder, name, 'shared'))).toEqual(['data', 'deploy.lock']);
});

test.each([
  ['{}', ''],
  ['{"café": {"url": "https://example.org/"}}', 'caf%C3%A9'],
])('the first link of urls.json is asked for as browsers do: %s', (urls, path) => {
  writeFileSync(
    join(folder, 'bin', 'curl'),
    `#!/bin/sh\nfor url; do :; done; echo "$url" >>"${folder}/asked"\ncase $url in */${path || '-'}) echo 302 ;; *) echo 200 ;; esac\n`,
    { mode: 0o755 },
  );
  mkdirSync(join(srv, 'next'));
  writeFileSync(join(srv, 'next', 'urls.json'), urls);
  const { status } = run(['bash', '-c', '. deploy/service.sh; app_pid() { echo 1; }; app_answers next']);
  expect(status).toBe(0);
  const asked = readFileSync(join(folder, 'asked'), 'utf8').trim().split('\n');
  expect(asked).toEqual(['readyz', '', ...(path === '' ? [] : [path])].map((each) => `http://127.0.0.1:8001/${each}`));
});

test('a signal between the stop of the old app and the start of the new one leaves an app that runs', async () => {
  const [port, next] = [await freePort(), await freePort()];
  const site = `http://127.0.0.1:${port}/`;
  const environment = { HEADROOM_PORT: `${port}`, HEADROOM_NEXT_PORT: `${next}`, HEADROOM_START_S: '60' };
  const server = (version: string) =>
    `require('http').createServer((q, s) => s.end('${version}')).listen(process.env.PORT, '127.0.0.1');`;
  const deploy = (number: string) => run(['deploy/release.sh'], { ...environment, BUILD_NUMBER: number });
  writeFileSync(join(folder, 'bin', 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  try {
    writeFileSync(join(folder, 'dist/app/server.js'), server('old'));
    expect(deploy('1').status).toBe(0);
    mkdirSync(join(srv, 'releases', 'of-a-killed-deployment'));
    writeFileSync(join(folder, 'dist/app/server.js'), server('new'));
    // The last step of the stop.
    const rm = `#!/bin/sh\ncase "$*" in *current.pid) kill -TERM "$PPID" ;; esac\nexec /bin/rm "$@"\n`;
    writeFileSync(join(folder, 'bin', 'rm'), rm, { mode: 0o755 });
    const { status, signal } = deploy('2');
    expect(status ?? signal).toBe('SIGTERM');
    // It was started, and nothing has waited until it listens.
    let text = '';
    while (text === '')
      text = await fetch(site).then(
        (answer) => answer.text(),
        () => '',
      );
    expect(text).toBe('new');
    await expect(fetch(`http://127.0.0.1:${next}/`)).rejects.toThrow();
    rmSync(join(folder, 'bin', 'rm'));
    expect(deploy('3').status).toBe(0);
    expect(readdirSync(join(srv, 'releases')).map((each) => each.split('-')[1])).toEqual(['1', '3']);
  } finally {
    run(['deploy/stop.sh'], environment);
  }
}, 240_000);

test('a deployment with other settings starts the app again with them; one with the same settings does not', async () => {
  const [port, next, other] = [await freePort(), await freePort(), await freePort()];
  const environment = { HEADROOM_PORT: `${port}`, HEADROOM_NEXT_PORT: `${next}`, HEADROOM_START_S: '60' };
  const answer = async (of: number): Promise<string> =>
    (await fetch(`http://127.0.0.1:${of}/`, { headers: { connection: 'close' } })).text();
  const deploy = (settings: Record<string, string> = {}) => {
    const { status, stderr } = run(['deploy/release.sh'], { ...environment, ...settings });
    expect([stderr, status]).toEqual([stderr, 0]);
    return stderr;
  };
  writeFileSync(join(folder, 'bin', 'npm'), '#!/bin/sh\n', { mode: 0o755 });
  writeFileSync(
    join(folder, 'dist/app/server.js'),
    `process.on('SIGHUP', () => {});
    require('http').createServer((q, s) => s.end(process.env.WORKERS + ' ' + process.pid)).listen(process.env.PORT, '127.0.0.1');`,
  );
  try {
    deploy({ BUILD_NUMBER: '1' });
    const before = await answer(port);
    expect(before).toMatch(/^undefined \d+$/);
    expect(deploy({ BUILD_NUMBER: '2' })).not.toContain('restarting it');
    expect(await answer(port)).toBe(before);
    expect(deploy({ BUILD_NUMBER: '3', HEADROOM_WORKERS: '08' })).toContain('its settings have changed; restarting it');
    expect(await answer(port)).toMatch(/^8 /);
    environment.HEADROOM_PORT = `${other}`;
    deploy({ BUILD_NUMBER: '4' });
    expect(await answer(other)).toMatch(/^undefined /);
    await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow();
  } finally {
    run(['deploy/stop.sh'], environment);
  }
}, 240_000);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test('the installed site can be read by builds, which compare it with theirs', () => {
  const site = join(folder, 'headroom.conf');
  const environment = { HEADROOM_SITE: site, HEADROOM_NGINX: 'true' };
  expect(run(['bash', '-c', 'umask 022; deploy/site.sh'], environment).status).toBe(0);
  expect(statSync(site).mode & 0o777).toBe(0o644);
  expect(run(['deploy/site.sh'], environment).stderr).toBe('');
});

// What a deployment leaves behind when it fails on the way: `npm` and the app are not needed for that.
import { spawnSync } from 'node:child_process';
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

test('a path that the settings cannot hold ends the deployment, instead of leaving the data folder out', () => {
  const { status, stderr } = run(['deploy/release.sh'], { HEADROOM_ROOT: join(folder, "it's") });
  expect(status).toBe(2);
  expect(stderr).toContain('a quotation mark or a line break cannot stand in this path or name');
  expect(readdirSync(join(folder, "it's", 'shared'))).toEqual(['data', 'deploy.lock']);
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

test('the installed site can be read by builds, which compare it with theirs', () => {
  const site = join(folder, 'headroom.conf');
  const environment = { HEADROOM_SITE: site, HEADROOM_NGINX: 'true' };
  expect(run(['bash', '-c', 'umask 022; deploy/site.sh'], environment).status).toBe(0);
  expect(statSync(site).mode & 0o777).toBe(0o644);
  expect(run(['deploy/site.sh'], environment).stderr).toBe('');
});

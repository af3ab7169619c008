// The package as a stranger gets it: packed, installed into an empty folder beside nothing but what it depends on, and run from elsewhere.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { root } from './clone.ts';

let folder: string;
let home: string;
let target: Server;
let packed: { readonly size: number; readonly unpackedSize: number; readonly files: readonly { path: string }[] };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-package-'));
  home = join(folder, 'a path with blanks');
  mkdirSync(home);
  // The build is made by `npm test`, or here when a single test is run.
  if (!existsSync(join(root, 'dist', 'api.js'))) execFileSync('npx', ['tsx', 'build.ts'], { cwd: root });
  const out = execFileSync('npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', folder], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const answer = JSON.parse(out);
  packed = Array.isArray(answer) ? answer[0] : Object.values(answer)[0];
  installOffline();
  target = createServer((_request, response) => response.end('hello'));
  await new Promise<void>((resolve) => target.listen(0, '127.0.0.1', resolve));
});
afterAll(() => {
  target?.close();
  rmSync(folder, { recursive: true });
});

/** npm unpacks the tarball; links to the packages of production that this repository's lock file has stand for their 33,000 files. */
function installOffline(): void {
  const resolved = `file:${join(folder, `headroom-bench-${version()}.tgz`)}`;
  const { packages, ...lock } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  const { '': ours, ...others } = packages as Record<string, { dev?: boolean; devOptional?: boolean }>;
  const { name: _, dependencies: __, peerDependencies: ___, devDependencies: ____, ...installed } = ours as object & Record<string, unknown>; // biome-ignore format: short
  const own = { name: 'shop', version: '1.0.0', dependencies: { 'headroom-bench': resolved } };
  const all = { '': own, 'node_modules/headroom-bench': { ...installed, resolved } };
  writeFileSync(join(home, 'package.json'), JSON.stringify(own));
  writeFileSync(join(home, 'package-lock.json'), JSON.stringify({ ...lock, name: 'shop', packages: all }));
  execFileSync('npm', ['ci', '--offline', '--no-audit', '--no-fund'], { cwd: home, stdio: 'pipe' });
  for (const [path, { dev, devOptional }] of Object.entries(others)) {
    const isNested = path.lastIndexOf('node_modules/') > 0;
    if (dev || devOptional || isNested || !existsSync(join(root, path))) continue;
    mkdirSync(dirname(join(home, path)), { recursive: true });
    symlinkSync(realpathSync(join(root, path)), join(home, path));
  }
}

const version = (): string => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;
/** Not spawnSync: the target answers from this process. */
async function run(program: string, args: readonly string[], cwd: string): Promise<{ stdout: string; stderr: string }> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      ended[name] += chunk;
    });
  await once(child, 'close');
  return ended;
}
const bin = () => join(home, 'node_modules', '.bin', 'headroom');
const headroom = (args: readonly string[], cwd = home) => run(bin(), args, cwd);
/** The JSON document on stdout; what was said instead where there is none. */
const documentOf = ({ stdout, stderr }: { stdout: string; stderr: string }) =>
  JSON.parse(stdout || JSON.stringify({ stderr }));
const url = () => `http://127.0.0.1:${(target.address() as AddressInfo).port}/`;

test('the tarball holds the build, the docs and nothing of the repository beside', () => {
  const folders = new Set(packed.files.map(({ path }) => path.split('/')[0]));
  expect([...folders].sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'ci', 'dist', 'docs', 'package.json']);
  expect(
    packed.files.map(({ path }) => path).filter((path) => /\/test\/|\.test\.|\.map$|(?<!\.d)\.ts$/.test(path)),
  ).toEqual([]);
  expect(packed.size).toBeLessThan(1_350_000);
  expect(packed.unpackedSize).toBeLessThan(5_500_000);
});

test('the tarball holds each file that a program reads at run time, and modules only in their bundles', () => {
  const paths = packed.files.map(({ path }) => path).filter((path) => path.startsWith('dist/'));
  const built = readdirSync(join(root, 'dist'), { recursive: true, encoding: 'utf8' }).map((name) => `dist/${name}`);
  const data = built.filter((path) => /\.\w+$/.test(path) && !/\.(js|pug|ts)$/.test(path));
  expect(data.filter((path) => !paths.includes(path))).toEqual([]);
  const folders = new Set(paths.filter((path) => path.endsWith('.js')).map((path) => dirname(path)));
  expect([...folders].sort()).toEqual([
    'dist',
    'dist/app',
    'dist/app/http/public',
    'dist/loadtest/generators',
    'dist/monitors/definitions',
    'dist/reports/live',
  ]);
});

test('--help and --version answer from another folder, and hints name npx', async () => {
  expect((await headroom(['--version'], folder)).stdout).toBe(`${version()}\n`);
  const { stdout } = await headroom(['--help'], folder);
  expect(stdout).toContain('npx headroom <command> [flags]');
  expect(stdout).toContain('npx headroom URL is short for npx headroom stress --target URL --profile smoke.');
  expect((await headroom(['report', '--help'], folder)).stdout).not.toContain('default: []');
});

test("CI's script runs the package that it is part of", () => {
  const script = join(home, 'node_modules', 'headroom-bench', 'ci', 'run.sh');
  const env = { PATH: process.env.PATH, HEADROOM_FLAGS: '--version' };
  const { stdout } = spawnSync(script, { cwd: folder, env, encoding: 'utf8' });
  expect(stdout).toBe(`${version()}\n`);
});

test('headroom URL is a smoke of that URL, whose report is in the working folder', async () => {
  const elsewhere = join(folder, 'elsewhere');
  mkdirSync(elsewhere);
  const document = documentOf(await headroom([url(), '--json', '--metrics', 'none'], elsewhere));
  expect(document.runs).toMatchObject([{ status: 'complete' }]);
  expect(existsSync(join(elsewhere, document.report, 'index.html'))).toBe(true);
});

const short = ['--rate', '20', '--duration', '1'];

test('a SIGTERM to npx alone ends the run, which is saved', async () => {
  const words = ['stress', '--target', url(), '--connections', '2', '--duration', '60', '--metrics', 'none'];
  const { NODE_OPTIONS: _, ...env } = process.env;
  const npx = spawn('npx', ['headroom', ...words], { cwd: home, env: { ...env, CI: 'true' }, stdio: 'ignore' });
  const gone = once(npx, 'close');
  await until(() => statuses().includes('running'));
  npx.kill('SIGTERM');
  await gone;
  await until(() => !statuses().includes('running'));
  expect(statuses()).toContain('interrupted');
});

/** Of the runs in the working folder. */
function statuses(): string[] {
  const runs = join(home, 'runs');
  const files = existsSync(runs) ? readdirSync(runs).map((id) => join(runs, id, 'run.json')) : [];
  return files.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')).status);
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await sleep(100);
}

const canHideProc = process.getuid?.() === 0 && existsSync('/usr/bin/unshare');
(canHideProc ? test : test.skip)(
  'without /proc a run ends with a report that says what it lacks (needs root)',
  async () => {
    const hidden = ['-m', 'sh', '-c', 'mount -t tmpfs none /proc && exec "$0" "$@"', bin()];
    const { stdout, stderr } = await run(
      'unshare',
      [...hidden, 'stress', ...short, '--instances', 't2.micro', '--emulate', 'never', '--verbose'],
      folder,
    );
    expect(stderr).not.toMatch(/ENOENT|Error:/);
    expect(stdout || stderr).toContain('Host metrics were not collected during the load');
  },
);

test('without a target the bundled shortener is started and loaded', async () => {
  const args = ['stress', ...short, '--emulate', 'never', '--json', '--metrics', 'none'];
  const { runs } = documentOf(await headroom(args, folder));
  expect(runs).toMatchObject([{ status: 'complete' }]);
  expect(runs[0].stages.at(-1).outcomes.ok).toBeGreaterThan(0);
});

/** docs/api.md's own example, against a target of this test. */
const example = (): string => {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'docs', 'api.md'), 'utf8'))?.[1] ?? '';
  return `${code.replace('http://127.0.0.1:3000/', url())}
const text: 'pass' | 'fail' | 'no-verdict' = verdict;
console.log(JSON.stringify([exitCode, run.status, text, headline.code, instances.length, UserError.name]));\n`;
};

test("the example of docs/api.md compiles against the package's types", () => {
  writeFileSync(join(home, 'use.mts'), example());
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const flags = '--noEmit --strict --target es2023 --module nodenext --types node --typeRoots'.split(' ');
  const types = join(root, 'node_modules', '@types');
  const { stdout } = spawnSync(process.execPath, [tsc, ...flags, types, 'use.mts'], { cwd: home, encoding: 'utf8' });
  expect(stdout).toBe('');
});

test('the example of docs/api.md runs', async () => {
  // A second of load in the place of ten.
  const code = example().replace("profile: 'smoke'", 'rate: 20, duration: 1');
  writeFileSync(join(home, 'use.mjs'), code.replace(": 'pass' | 'fail' | 'no-verdict'", ''));
  expect(documentOf(await run(process.execPath, ['use.mjs'], home))).toEqual([
    expect.any(Number),
    'complete',
    expect.any(String),
    'headline',
    2,
    'UserError',
  ]);
});

test('a mistake is an exception with one sentence', () => {
  const code = `import { runProfile } from 'headroom-bench';
  await runProfile({ target: 'http://127.0.0.1:1/', profile: 'smok' }).catch((error) => console.log(error.constructor.name, error.message));`;
  writeFileSync(join(home, 'wrong.mjs'), code);
  expect(spawnSync(process.execPath, ['wrong.mjs'], { cwd: home, encoding: 'utf8' }).stdout).toMatch(
    /^UserError .*smok.*smoke/,
  );
});

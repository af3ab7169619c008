// Which of the two is run: the build, or the sources when one is newer.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeEach, expect, test } from '@jest/globals';

const root = fileURLToPath(new URL('..', import.meta.url));
const dir = mkdtempSync(join(tmpdir(), 'headroom-launch-'));
const say = 'process.stdout.write([import.meta.url.slice(-3), ...process.argv.slice(2)].join(" "))';
const folders = ['app', 'commands', 'loadtest', 'model', 'monitors', 'reports'];

afterAll(() => rmSync(dir, { recursive: true }));

beforeEach(() => {
  rmSync(dir, { recursive: true, force: true });
  for (const name of ['dist', ...folders, ...folders.map((folder) => `dist/${folder}`)])
    mkdirSync(join(dir, name), { recursive: true });
  for (const name of ['launch.js', 'is-built.js', 'tsconfig.json']) cpSync(join(root, name), join(dir, name));
  writeFileSync(join(dir, 'package.json'), '{"type":"module"}');
  symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'));
  for (const name of ['cli.ts', 'dist/cli.js', 'model/a.ts', 'dist/model/a.js', 'app/b.pug', 'dist/app/b.pug'])
    write(name, 1000);
  for (const name of ['urls.json', 'dist/urls.json']) write(name, 1000);
});

/** Writes a program, or whatever, as of a second of 1970. */
function write(name: string, seconds: number): void {
  writeFileSync(join(dir, name), say);
  utimesSync(join(dir, name), seconds, seconds);
}

const launch = (...args: string[]): string => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  return execFileSync(process.execPath, [join(dir, 'launch.js'), ...args], { encoding: 'utf8', env });
};

test('a build as new as its sources is run, with the arguments', () => {
  expect(launch('cli', 'stress', '--json')).toBe('.js stress --json');
});

test.each([
  ['an edited source', () => write('model/a.ts', 2000)],
  ['an edited page', () => write('app/b.pug', 2000)],
  ['edited seed links', () => write('urls.json', 2000)],
  ['a new source', () => write('reports/new.ts', 500)],
  ['no build', () => rmSync(join(dir, 'dist'), { recursive: true })],
])('the sources are run after %s', (_, change) => {
  change();
  expect(launch('cli', 'size')).toBe('.ts size');
});

test.each(['npm', 'its whole group'])('a SIGTERM to %s ends the program in order', async (whom) => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const DATA_DIR = join(dir, 'data');
  const npm = spawn('npm', ['start'], {
    cwd: root,
    detached: true,
    env: { ...env, PORT: '0', DATA_DIR, WORKERS: '1' },
  });
  const listening = new Promise<string>((resolve) => {
    createInterface(npm.stdout).on('line', (line) => {
      const url = /http:\S+/.exec(line)?.[0];
      if (url) resolve(url);
    });
  });
  // Whoever is left would hold the pipe open.
  const ended = once(npm.stdout, 'close');
  try {
    const url = await Promise.race([listening, ended.then(() => 'nothing')]);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    process.kill((whom === 'npm' ? 1 : -1) * (npm.pid ?? 0), 'SIGTERM');
    await ended;
    await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    expect(existsSync(join(DATA_DIR, 'app.pid'))).toBe(false);
  } finally {
    if (!npm.stdout.closed) process.kill(-(npm.pid ?? 0), 'SIGKILL');
  }
});

test.each(['SIGTERM', 'SIGKILL'] as const)(
  'a %s to the script around npm alone ends the command in order',
  async (signal) => {
    const { NODE_OPTIONS: _, ...env } = process.env;
    const manifest = { type: 'module', scripts: { stress: 'node launch.js cli' } };
    writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
    const command = `process.on('SIGTERM', () => { console.log('saved'); process.exit(143); });
setInterval(() => {}, 1000); console.log('loading');`;
    writeFileSync(join(dir, 'dist/cli.js'), command);
    const script = spawn('sh', ['-c', 'npm run -s stress; true'], { cwd: dir, detached: true, env });
    const said: string[] = [];
    createInterface(script.stdout).on('line', (line) => {
      said.push(line);
      if (line === 'loading') script.kill(signal);
    });
    await once(script, 'close');
    expect(said).toEqual(['loading', 'saved']);
  },
);

test.each([
  ['goes on when a script that started it with & ends', {}, 'exit 0', 'went on'],
  ['ends with that script in CI', { CI: 'true' }, 'exit 0', 'saved'],
  ['goes on when the terminal is closed', {}, 'kill -HUP 0', 'went on'],
])('a command without stdin %s', async (_, changes, end, last) => {
  const { NODE_OPTIONS: _options, CI: _ci, ...env } = process.env;
  const manifest = { type: 'module', scripts: { stress: 'node launch.js cli' } };
  writeFileSync(join(dir, 'package.json'), JSON.stringify(manifest));
  // By then the script would have been missed ten times.
  const command = `import { existsSync } from 'node:fs';
let looks = 0;
setInterval(() => {
  if (existsSync('/proc/' + process.env.SCRIPT) || ++looks < 10) return;
  console.log('went on');
  process.exit();
}, 100);
process.on('SIGTERM', () => { console.log('saved'); process.exit(143); });
process.on('SIGHUP', () => {});
console.log('loading');`;
  writeFileSync(join(dir, 'dist/cli.js'), command);
  const line = `export SCRIPT=$$; npm run -s stress < /dev/null > said & until grep -q loading said; do sleep 0.1; done; ${end}`;
  const script = spawn('sh', ['-c', line], { cwd: dir, detached: true, env: { ...env, ...changes } });
  // Whoever is left holds the pipe open.
  await once(script.stderr.resume(), 'close');
  expect(readFileSync(join(dir, 'said'), 'utf8')).toBe(`loading\n${last}\n`);
});

test('a shell that allows too few open files is told so in one sentence', () => {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const command = `ulimit -n 100 && exec "${process.execPath}" "${join(dir, 'launch.js')}" cli`;
  const { status, stderr } = spawnSync('sh', ['-c', command], { encoding: 'utf8', env });
  expect(stderr).toBe(
    'headroom: this shell allows 100 open files, and 160 are needed. Raise the limit: ulimit -n 4096\n',
  );
  expect(status).toBe(2);
});

test('a build that is stopped leaves the last one as it was', async () => {
  const out = join(dir, 'built');
  mkdirSync(out);
  writeFileSync(join(out, 'cli.js'), 'the last one');
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Its compiler, which writes one file and is ended with it.
  const stopped = `import { mkdirSync, writeFileSync } from 'node:fs';
import child from 'node:child_process';
import { syncBuiltinESMExports } from 'node:module';
child.execFileSync = (_program, words) => {
  const out = words.at(words.indexOf('--outDir') + 1);
  mkdirSync(out);
  writeFileSync(out + '/cli.js', 'a part of the next one');
  process.kill(0, 'SIGKILL');
};
syncBuiltinESMExports();`;
  const words = ['--import', `data:text/javascript,${encodeURIComponent(stopped)}`, '--import', 'tsx', 'build.ts', out];
  const build = spawn(process.execPath, words, { cwd: root, env, detached: true });
  expect(await once(build, 'close')).toEqual([null, 'SIGKILL']);
  expect(readFileSync(join(`${out}.next`, 'cli.js'), 'utf8')).toBe('a part of the next one');
  expect(readFileSync(join(out, 'cli.js'), 'utf8')).toBe('the last one');
});

test('a test is no source', () => {
  mkdirSync(join(dir, 'model/test'), { recursive: true });
  write('model/test/a.test.ts', 3000);
  expect(launch('cli')).toBe('.js');
});

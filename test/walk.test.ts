// A walk through the command: --once, a run, a browser's record, and what of it is stored.
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { signInWalk, startWalkApp, type WalkApp } from '../loadtest/test/engines/walk-server.ts';
import { readRun } from '../model/run-folder.ts';
import { headroomHere, start } from './headroom.ts';

let app: WalkApp;
let folder: string;
beforeAll(async () => {
  app = await startWalkApp();
  folder = mkdtempSync(join(tmpdir(), 'walk-'));
  writeFileSync(join(folder, 'users.csv'), 'user,password\nanna,pw of anna\n');
});
afterAll(() => {
  app.close();
  rmSync(folder, { recursive: true, force: true });
});

const stages = [{ kind: 'open', name: 'load', arrivalRatePerS: 20, durationS: 2 }];

function write(name: string, document: unknown): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify(document));
  return file;
}

const stress = (...flags: string[]) =>
  headroomHere(['stress', '--target', `${app.origin}/`, '--out', join(folder, 'runs'), '--metrics', 'none', ...flags]);

const profileOf = (change: (steps: { body?: string; expect: number[] }[]) => void = () => {}): string => {
  const steps = structuredClone(signInWalk.steps);
  change(steps);
  return write('shop.json', { name: 'shop', stages, walk: { rows: 'users.csv', steps } });
};

/** As Chrome saves it, with what a user would not show. */
const recorded = () => {
  const site = 'https://shop.example';
  const cookie = { name: 'Cookie', value: 'session=S3CRET' };
  const entry = (at: number, path: string, status: number, request: object = {}) => ({
    startedDateTime: new Date(Date.UTC(2026, 0, 31) + at).toISOString(),
    time: 5,
    request: {
      method: 'GET',
      url: `${site}${path}`,
      headers: [cookie, { name: ':authority', value: 'shop.example' }],
      ...request,
    },
    response: { status, headers: [] },
  });
  const postData = { mimeType: 'application/x-www-form-urlencoded', text: 'pin=S3CRET' };
  const login = entry(20, '/login', 403, { method: 'POST', postData });
  const other = { ...entry(30, '/', 200), request: { method: 'GET', url: 'https://cdn.example/a.js', headers: [] } };
  return { log: { entries: [entry(0, '/login', 200), login, other, entry(40, '/orders/17?key=S3CRET', 401)] } };
};

describe('--once', () => {
  test('sends each step once, and shows it without secrets', async () => {
    const { code, stdout } = await stress('--profile', profileOf(), '--once');
    expect(stdout).toMatch(/^1\. page: as expected\n {2}> GET \/login HTTP\/1\.1\n/);
    expect(stdout).toContain('  < set-cookie: sid=***; Path=/; HttpOnly');
    expect(stdout).toMatch(/ {2}> cookie: theme=\*\*\*; sid=\*\*\*/);
    expect(stdout).toMatch(/ {2}> user=anna&password=\*\*\*&_csrf=/);
    expect(stdout).not.toMatch(/pw|xxxx/);
    expect(stdout).toMatch(/ {2}owner = anna\n$/);
    expect(code).toBe(0);
  });

  test('ends with 3 at the first step that is not as expected, also as JSON', async () => {
    const file = profileOf((steps) => {
      if (steps[1]) steps[1].expect = [200];
    });
    const { code, stdout } = await stress('--profile', file, '--once', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      steps: [{ route: 'page', response: { status: 200 } }, { failure: { why: 'status', text: 'expected 200' } }],
      notSent: ['order'],
      exitCode: 3,
    });
    expect(code).toBe(3);
  });

  test('shows a page, and the steps of a browser, as well', async () => {
    const page = await headroomHere(['stress', '--target', `${app.origin}/login`, '--once']);
    expect(page.stdout).toContain('1. GET /login: as expected');
    const { code, stdout, stderr } = await stress('--har', write('a.har', recorded()), '--once');
    expect(stderr).toContain(
      `a walk of 3 requests to https://shop.example, sent to ${app.origin}. Left out: 1 to other hosts (cdn.example)`,
    );
    expect(stderr).toContain(
      '. Credentials of https://shop.example in 3 requests are not sent (cookie). Give those of the target with --header',
    );
    expect(stdout).not.toContain('cookie: session');
    expect(stdout).toContain('3. GET /orders/:id: as expected');
    expect(code).toBe(0);
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
] as const)('%s during --once', (signal, exitCode) => {
  test('ends the wait for a response with what was seen', async () => {
    const server = createServer(({ url }, response) => url !== '/b' && response.end('ok'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const steps = ['/a', '/b', '/c'].map((path) => ({ name: path, path, expect: [200] }));
    const file = write('slow.json', { name: 'slow', stages, walk: { steps } });
    const { port } = server.address() as AddressInfo;
    const flags = ['--profile', file, '--timeout', '60', '--once', '--json'];
    const { child, ended } = start(['stress', '--target', `http://127.0.0.1:${port}/`, ...flags]);
    while ((await once(server, 'request'))[0].url !== '/b');
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    server.closeAllConnections();
    server.close();
    expect(stderr).toBe(`headroom: stopped by ${signal}\n`);
    expect(JSON.parse(stdout)).toMatchObject({
      steps: [{ route: '/a' }],
      notSent: ['/b', '/c'],
      error: `stopped by ${signal}`,
      exitCode,
    });
    expect(code).toBe(exitCode);
  });

  test('ends the start of the app, and leaves nothing behind', async () => {
    const out = join(folder, `runs-${signal}`);
    const marker = join(folder, `started-${signal}`);
    const app = `node -e "require('fs').writeFileSync('${marker}', ''); setInterval(() => {}, 1000)"`;
    const { child, ended } = start(['stress', '--app', app, '--once', '--out', out]);
    while (!existsSync(marker)) await wait(20);
    child.kill(signal);
    const { code, stdout, stderr } = await ended;
    expect(stderr).toContain(`headroom: stopped by ${signal}\n`);
    expect(stdout).toMatch(/: no response, stopped by SIG/);
    expect(readdirSync(out)).toEqual([]);
    expect(code).toBe(exitCode);
  });
});

describe('a run', () => {
  test('counts the walks, and stores no value of a row', async () => {
    await stress('--profile', profileOf());
    const [name = ''] = readdirSync(join(folder, 'runs')).filter((each) => each.includes('shop'));
    const dir = join(folder, 'runs', name);
    // No step is sent after the end: a slow machine leaves the last walks unfinished.
    const { walks } = readRun(dir).stages[0] ?? {};
    expect(walks).toMatchObject({ begun: 40, failed: [] });
    expect(walks?.completed).toBeGreaterThan(20);
    expect(readFileSync(join(dir, 'run.json'), 'utf8')).not.toContain('pw of');
  });

  test('of a HAR file stores no cookie, query or body of it', async () => {
    await stress('--har', write('a.har', recorded()), '--rate', '10', '--duration', '1');
    const [name = ''] = readdirSync(join(folder, 'runs')).filter((each) => each.includes('open'));
    const dir = join(folder, 'runs', name);
    const { routes, stages: ran } = readRun(dir);
    expect(routes.map(({ path }) => path)).toEqual(['/login', '/login', '/orders/:id']);
    expect(ran[0]?.walks).toMatchObject({ begun: 10, failed: [] });
    expect(ran[0]?.walks?.completed).toBeGreaterThan(2);
    const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
    for (const file of files) expect(readFileSync(join(file.parentPath, file.name), 'utf8')).not.toContain('S3CRET');
  });

  test('does not begin where the preflight does not get through, and names the step', async () => {
    const file = profileOf((steps) => {
      if (steps[1]) steps[1].body = 'user=nobody';
    });
    const before = app.log.length;
    const { code, stderr } = await stress('--profile', file);
    expect(stderr).toMatch(/step sign in: POST http:\S+\/login answered 403, expected 303/);
    expect(code).toBe(2);
    expect(app.log.length - before).toBe(2);
  });

  test.each([
    [['--har', 'none.har'], /there is no file none\.har/],
    [['--har', 'package.json'], /package\.json is not a HAR file/],
    [['--profile', 'capacity', '--har', 'HAR'], /stage capacity searches a rate of requests/],
    [['--har', 'HAR', '--trace', '0.1', '--rate', '1', '--duration', '1'], /--trace does not go with a walk/],
    [['--har', 'HAR', '--path', '/x'], /--har \S+ has its own routes\. Leave out --path/],
    [['--har', 'HAR', '--method', 'PUT'], /--method and --body need a --target that is one page/],
    [['--once', '--replay', 'access.log'], /--once does not go with --replay/],
  ])('is refused with %j', async (flags, sentence) => {
    const har = write('a.har', recorded());
    const { code, stderr } = await stress(...flags.map((flag) => (flag === 'HAR' ? har : flag)));
    expect(stderr).toMatch(sentence);
    expect(code).toBe(2);
  });
});

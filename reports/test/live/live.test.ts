// The live page: who may see it and stop the run, what it shows, what becomes of it.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Line } from '../../../model/second.ts';
import { liveRun } from '../../live/page.ts';
import { type LiveServer, startLiveServer } from '../../live/server.ts';
import { makeRunFolder } from '../made-run.ts';

let server: LiveServer;
let stops: number;
beforeEach(async () => {
  stops = 0;
  server = await startLiveServer(() => {
    stops++;
  });
});
afterEach(() => server.end(undefined));

type Answer = {
  readonly status: number | undefined;
  readonly body: string;
  readonly headers: NodeJS.Dict<string | string[]>;
};

/** Plain HTTP: fetch does not let a test choose Host and Origin. */
function ask(path: string, method = 'GET', headers: Record<string, string> = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, server.url), { method, headers, agent: false }, (response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
    });
    sent.on('error', reject).end();
  });
}

const own = () => ({ origin: new URL(server.url).origin });

describe('the server', () => {
  test('listens on the loopback, with a token of 192 bits in its address', () => {
    expect(new URL(server.url).hostname).toBe('127.0.0.1');
    expect(new URL(server.url).pathname).toMatch(/^\/[\w-]{32}\/$/);
  });

  test('shows the page and its files under a policy that lets nothing else in', async () => {
    const page = await ask('./');
    expect(page.status).toBe(200);
    expect(page.headers['content-security-policy']).toContain("default-src 'none'; script-src 'self'");
    expect(page.body).toContain('Stop the run');
    expect((await ask('report.css')).body).toContain(':root');
    expect((await ask('live.js')).body).toContain('EventSource');
  });

  test('has nothing for those without the token', async () => {
    for (const path of ['/', '/stop', `/${'x'.repeat(32)}/`, '/report.css']) expect((await ask(path)).status).toBe(404);
    expect((await ask('/stop', 'POST', own())).status).toBe(404);
    expect(stops).toBe(0);
  });

  test.each([
    'GET // HTTP/1.1',
    'GET //[ HTTP/1.1',
    'GET http://[ HTTP/1.1',
    'GET http:// HTTP/1.1',
    'OPTIONS * HTTP/1.1',
    'CONNECT : HTTP/1.1',
    'GET / HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket',
    'GET / HTTP/9.9',
    'BREW / HTTP/1.1',
  ])('goes on after the request %s', async (head) => {
    const { port, host } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.on('error', () => {});
    socket.end(`${head}\r\nHost: ${host}\r\n\r\n`);
    socket.resume();
    await once(socket, 'close');
    expect((await ask('./')).status).toBe(200);
    expect(stops).toBe(0);
  });

  test.each(['__proto__', 'constructor', 'toString', '../report.css', '%2e%2e'])('has no file %s', async (name) => {
    const { port, host, pathname } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.end(`GET ${pathname}${name} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
    const [said] = await once(socket, 'data');
    expect(String(said)).toMatch(/^HTTP\/1\.1 404 /);
  });

  test.each([
    ['another page', { origin: 'http://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['no page', {}],
    ['a name that was made to point here', { host: 'evil.example', origin: 'http://evil.example' }],
  ])('does not stop the run for %s', async (_, headers: Record<string, string>) => {
    expect((await ask('stop', 'POST', headers)).status).toBe(403);
    expect(stops).toBe(0);
  });

  test('stops the run for its own page, by POST alone', async () => {
    expect((await ask('stop')).status).toBe(405);
    expect(stops).toBe(0);
    expect((await ask('stop', 'POST', own())).status).toBe(202);
    expect(stops).toBe(1);
  });

  test('sends what is new, and at the end the report; then it is gone', async () => {
    const events = ask('events');
    server.show('<p>one\n\ntwo</p>');
    // The stream is open as soon as it answers: the second page is for those who were there.
    await ask('./');
    server.show('<p>three</p>');
    await server.end('<h1>PASS</h1>');
    const { body, headers } = await events;
    expect(headers['content-type']).toBe('text/event-stream');
    const told = [...body.matchAll(/event: (\w+)\ndata: (.*)\n\n/g)].map(([, name, data]) => [
      name,
      JSON.parse(data ?? ''),
    ]);
    expect(told.at(-1)).toEqual(['report', '<h1>PASS</h1>']);
    expect(told).toContainEqual(['now', '<p>three</p>']);
    await expect(ask('./')).rejects.toThrow(/ECONNREFUSED/);
  });
});

describe('what it shows', () => {
  const slice = {
    name: 'load',
    seconds: 5,
    ratePerS: 100,
    latencyUs: () => ({ p50: 1000, p99: 5000 }),
    cpuPercent: 40,
  };
  const { run, lines } = makeRunFolder([slice], [], {});

  test('before the first line: that the run is being prepared', () => {
    expect(liveRun('nightly', run.startedAt, 1).render()).toContain('preparing');
  });

  test('grows with the lines', () => {
    const live = liveRun('nightly', run.startedAt, 1);
    const feed = (some: readonly Line[]): string => {
      for (const line of some) live.add(line);
      return live.render();
    };
    const early = feed(lines.filter((line) => line.kind === 'stage'));
    const late = feed(lines.filter((line) => line.kind !== 'stage'));
    expect(early).toContain('The run has no second of load and no host sample.');
    expect(late).toContain('<dd>100/s</dd>');
    expect(late).toContain('<dd>39.1 %</dd>');
    expect(late).toMatch(/<svg [^>]*class="chart-wide/);
    expect(late).not.toMatch(/NaN|undefined|Infinity/);
  });

  test('beside an emulated instance the CPU is that of the instance, and the time left is counted from the first stage', () => {
    const live = liveRun('nightly', run.startedAt, 1, { stages: [], longestS: 60 });
    const later = (second: number) => new Date(Date.parse(run.startedAt) + 1000 * second).toISOString();
    const [stage] = lines.filter(({ kind }) => kind === 'stage');
    const local = { kind: 'host', source: 'local', host: 'box', intervalS: 1, at: later(50) } as const;
    live.add({ ...stage, startedAt: later(40) } as Line);
    live.add({ ...local, metrics: { 'system.cpu.idle': 1 } });
    live.add({ ...local, source: 'emulated', metrics: { 'aws.ec2.cpuutilization': 12 } });
    expect(live.render()).toContain('<dt>CPU of the instance</dt><dd>12 %</dd>');
    expect(live.render()).toContain('<dt>Left, at most</dt><dd>50 s</dd>');
    expect(live.render()).toContain('<progress max="60" value="10"');
  });

  test('says which stages are over, running and ahead, and how much time is left', () => {
    const stages = ['at rest', 'ladder', 'build'].map((name) => ({ name, many: name !== 'at rest' }));
    const live = liveRun('nightly', run.startedAt, 1, { stages, longestS: 65 });
    const begin = (name: string, stage: number) =>
      ({ ...lines.find(({ kind }) => kind === 'stage'), name, stage }) as Line;
    const states = () =>
      [...live.render().matchAll(/<li class="(\w+)"[^>]*>([^<]+)/g)].map(([, state, name]) => `${name} ${state}`);
    expect(states()).toEqual(['at rest ahead', 'ladder ahead', 'build ahead']);
    live.add(begin('at rest', 0));
    expect(states()).toEqual(['at rest running', 'ladder ahead', 'build ahead']);
    live.add(begin('1 connection', 1));
    live.add(begin('2 connections', 2));
    expect(states()).toEqual(['at rest done', 'ladder running', 'build ahead']);
    live.add(begin('before build', 3));
    live.add(begin('build', 4));
    expect(states()).toEqual(['at rest done', 'ladder done', 'build running']);
    expect(live.render()).toMatch(/<dt>Left, at most<\/dt><dd>1 min/);
    expect(live.render()).toContain('<progress max="65"');
  });
});

import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type AppProcess, cleanUp, type Message, onCleanUp, startProcess, tempFolder } from '../app-process.ts';

afterAll(cleanUp);

const statusOf = async (url: string, init: RequestInit = {}) =>
  (await fetch(url, { redirect: 'manual', ...init })).status;
const pidsIn = async (app: AppProcess) => (await app.message('ready')).pids as number[];

// One app for all of these; the last test stops it.
describe('an app with two workers', () => {
  const DATA_DIR = tempFolder();
  let app: AppProcess;
  let ready: Message;
  let url: string;
  let pids: number[];
  beforeAll(async () => {
    app = startProcess({ WORKERS: '2', DATA_DIR });
    ready = await app.message('ready');
    url = ready.url as string;
    pids = ready.pids as number[];
  });

  test('reports its address, its processes and their usage to its parent', async () => {
    expect(ready).toEqual({ type: 'ready', url: expect.any(String), pid: app.child.pid, pids: expect.any(Array) });
    expect(new Set([...pids, app.child.pid]).size).toBe(3);
    const usage = await app.message('app-usage');
    expect(pids).toContain(usage.pid);
    expect(usage.eventLoopUtilization).toBeGreaterThanOrEqual(0);
    expect(usage.eventLoopUtilization).toBeLessThanOrEqual(1);
    expect(usage.eventLoopDelayMaxMs).toBeGreaterThanOrEqual(0);
  });

  test('sums the metrics of its workers and times the first redirect', async () => {
    for (const path of ['/nothing', '/', '/go']) await statusOf(url + path);
    expect(await statusOf(`${url}/go`, { method: 'HEAD' })).toBe(302);
    // fetch opens several connections, which are distributed over the workers.
    await Promise.all(Array.from({ length: 39 }, () => statusOf(`${url}/go`)));
    await Promise.all(Array.from({ length: 9 }, () => statusOf(`${url}/nothing`)));
    const metrics = await (await fetch(`${url}/metrics`)).text();
    const series = 'shortener_request_duration_seconds';
    expect(metrics).toContain(`${series}_count{method="GET",route="/:code",status="302"} 40\n`);
    expect(metrics).toContain(`${series}_bucket{le="+Inf",method="GET",route="/:code",status="302"} 40\n`);
    expect(metrics).toContain(`${series}_count{method="GET",route="/:code",status="404"} 10\n`);
    for (const method of ['GET', 'HEAD']) {
      const sum = new RegExp(`_sum\\{method="${method}",route="/:code",status="302"\\} (.+)`).exec(metrics)?.[1];
      expect(Number(sum)).toBeGreaterThan(0);
    }
    const metricOf = (name: string, text = metrics) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    expect(metricOf('shortener_workers')).toBe(2);
    expect(metricOf('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(metricOf('process_resident_memory_bytes')).toBeGreaterThan(50e6);
    expect(metricOf('shortener_event_loop_utilization')).toBeLessThan(1);
    // The lag is measured from the first scrape on.
    expect(metrics).not.toContain('shortener_event_loop_lag_seconds');
    let later = metrics;
    while (!later.includes('event_loop_lag')) later = await (await fetch(`${url}/metrics`)).text();
    expect(metricOf('shortener_event_loop_lag_seconds', later)).toBeGreaterThanOrEqual(0);
  });

  test('imports and exports a urls.json while it runs', async () => {
    const file = join(tempFolder(), 'old.json');
    writeFileSync(file, '{"old": {"url": "https://example.org/old"}}');
    expect(await startProcess({ DATA_DIR }, 'import', file).ended).toEqual({
      code: 0,
      stdout: '',
      stderr: 'Imported 1 link.\n',
    });
    expect(await statusOf(`${url}/old`)).toBe(302);

    const { stdout, stderr } = await startProcess({ DATA_DIR }, 'export').ended;
    expect(stderr).toContain(`npm start -- import links.json --files ${DATA_DIR}/files\n`);
    const shipped = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'urls.json'), 'utf8'));
    const expected = { ...shipped, gauge: { file: 'gauge.seed.png' }, old: { url: 'https://example.org/old' } };
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  test('replaces every worker on reload, and no request fails meanwhile', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 20 });
    const failures: unknown[] = [];
    let answered = 0;
    let rolling = true;
    const client = async () => {
      while (rolling && failures.length === 0) {
        const request = httpGet(`${url}/go`, { agent });
        await once(request, 'response').then(
          ([response]: IncomingMessage[]) => {
            response?.resume();
            if (response?.statusCode === 302) answered += 1;
            else failures.push(response?.statusCode);
          },
          (error) => failures.push(error),
        );
      }
    };
    const clients = Array.from({ length: 20 }, client);
    onCleanUp(() => {
      rolling = false;
    });

    const command = await startProcess({ DATA_DIR }, 'reload').ended;
    expect(command).toEqual({ code: 0, stdout: '', stderr: `Process ${app.child.pid} is replacing its workers.\n` });
    // One message per replaced worker.
    await pidsIn(app);
    const after = await pidsIn(app);
    rolling = false;
    await Promise.all(clients);
    agent.destroy();
    expect(after).toHaveLength(2);
    expect(after.filter((pid) => pids.includes(pid))).toEqual([]);
    expect(failures).toEqual([]);
    expect(answered).toBeGreaterThan(100);
    pids = after;
  });

  test('replaces a killed worker while the other one answers', async () => {
    process.kill(pids[0] as number, 'SIGKILL');
    const after = await pidsIn(app);
    expect(after).toHaveLength(2);
    expect(after).toContain(pids[1]);
    expect(after).not.toContain(pids[0]);
    expect(await statusOf(`${url}/go`)).toBe(302);
  });

  test('drains on SIGTERM: open connections are answered, and readyz is 503', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ask = async (path: string) => {
      const [response] = (await once(httpGet(url + path, { agent }), 'response')) as [IncomingMessage];
      return { status: response.statusCode, body: await text(response), connection: response.headers.connection };
    };
    expect(await ask('/readyz')).toMatchObject({ status: 200, body: '{"status":"ready"}' });
    app.child.kill('SIGTERM');
    let answer = await ask('/readyz');
    while (answer.connection !== 'close') answer = await ask('/readyz');
    expect(answer).toEqual({ status: 503, body: '{"status":"draining"}', connection: 'close' });
    agent.destroy();
    const { code, stdout, stderr } = await app.ended;
    expect(code).toBe(0);
    expect(stdout).toBe(`The shortener is listening on ${url} with 2 workers\n`);
    // The reload ends when its last old worker has drained, which may be cut short by this SIGTERM.
    expect(
      stderr
        .trim()
        .split('\n')
        .filter((line) => !line.startsWith('All workers were replaced.')),
    ).toEqual([expect.stringMatching(/^Worker \d+ exited unexpectedly \(SIGKILL\)\. Starting a replacement\.$/)]);
  });
});

test('a killed primary process takes its workers with it in the middle of their writes, and no link is lost', async () => {
  const DATA_DIR = tempFolder();
  const app = startProcess({ WORKERS: '2', CREATE_LIMIT: '0', DATA_DIR });
  const url = await app.url();
  const body = new URLSearchParams({ code: 'kept', url: 'https://example.org/kept' });
  expect(await statusOf(`${url}/your-url`, { method: 'POST', body })).toBe(303);
  const links = `${url}/api/links`;
  let removed = 0;
  // A removal is a transaction whose code runs in the middle of the write.
  const createAndRemove = async (): Promise<void> => {
    let cookie = '';
    for (;;) {
      const headers = { 'content-type': 'application/json', cookie };
      const created = await fetch(links, { method: 'POST', headers, body: '{"url":"https://example.org/"}' });
      cookie ||= created.headers
        .getSetCookie()
        .map((each) => each.split(';')[0])
        .join('; ');
      const { code } = (await created.json()) as { code: string };
      await fetch(`${links}/${code}`, { method: 'DELETE', headers: { cookie } });
      removed += 1;
      if (removed === 100) app.child.kill('SIGKILL');
    }
  };
  await Promise.allSettled(Array.from({ length: 30 }, createAndRemove));
  // Its pipes are closed when the last process that holds them has exited.
  expect(await app.ended).toMatchObject({ code: null });

  const again = startProcess({ DATA_DIR });
  const response = await fetch(`${await again.url()}/kept`, { redirect: 'manual' });
  expect([response.status, response.headers.get('location')]).toEqual([302, 'https://example.org/kept']);
  // The parent of this one goes away.
  again.child.disconnect();
  expect(await again.ended).toMatchObject({ code: 0 });
});

test('SIGTERM during a reload ends the workers that still start, without an error', async () => {
  const app = startProcess({ WORKERS: '2' });
  await app.message('ready');
  app.child.kill('SIGHUP');
  app.child.kill('SIGTERM');
  expect(await app.ended).toMatchObject({ code: 0, stderr: '' });
});

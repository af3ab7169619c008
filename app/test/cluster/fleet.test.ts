import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { type AppProcess, cleanUp, onCleanUp, startProcess, tempFolder } from '../app-process.ts';

afterEach(cleanUp);

const statusOf = async (url: string) => (await fetch(url, { redirect: 'manual' })).status;
const pidsIn = async (app: AppProcess) => (await app.message('ready')).pids as number[];

test('a killed worker is replaced while the other one answers', async () => {
  const app = startProcess({ WORKERS: '2' });
  const ready = await app.message('ready');
  const pids = ready.pids as number[];
  expect(new Set([...pids, app.child.pid]).size).toBe(3);

  process.kill(pids[0] as number, 'SIGKILL');
  const after = await pidsIn(app);
  expect(after).toHaveLength(2);
  expect(after).toContain(pids[1]);
  expect(after).not.toContain(pids[0]);
  expect(await statusOf(`${ready.url}/go`)).toBe(302);

  app.child.kill('SIGTERM');
  expect(await app.ended).toMatchObject({ code: 0, stderr: expect.stringContaining('is being replaced') });
});

test('a killed primary process takes its workers with it, in the middle of their writes', async () => {
  const app = startProcess({ WORKERS: '2', CREATE_LIMIT: '0' });
  const links = `${await app.url()}/api/links`;
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
  // Its pipes are closed by the last one that holds them.
  expect(await app.ended).toMatchObject({ code: null });
});

test('reload replaces every worker and no request fails meanwhile', async () => {
  const DATA_DIR = tempFolder();
  const app = startProcess({ WORKERS: '2', DATA_DIR });
  const ready = await app.message('ready');
  const before = ready.pids as number[];
  const agent = new Agent({ keepAlive: true, maxSockets: 20 });
  const failures: unknown[] = [];
  let answered = 0;
  let rolling = true;
  const client = async () => {
    while (rolling && failures.length === 0) {
      const request = httpGet(`${ready.url}/go`, { agent });
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
  expect(command).toEqual({ code: 0, stdout: '', stderr: `Process ${app.child.pid} replaces its workers.\n` });
  // One message per replaced worker.
  await pidsIn(app);
  const after = await pidsIn(app);
  rolling = false;
  await Promise.all(clients);
  agent.destroy();
  expect(after).toHaveLength(2);
  expect(after.filter((pid) => before.includes(pid))).toEqual([]);
  expect(failures).toEqual([]);
  expect(answered).toBeGreaterThan(100);
});

test('SIGTERM during a reload ends the workers that still start, without a word', async () => {
  const apps = await Promise.all(
    Array.from({ length: 3 }, async () => {
      const app = startProcess({ WORKERS: '2' });
      await app.message('ready');
      return app;
    }),
  );
  for (const { child } of apps) child.kill('SIGHUP');
  for (const { child } of apps) child.kill('SIGTERM');
  for (const { ended } of apps) expect(await ended).toMatchObject({ code: 0, stderr: '' });
});

test('SIGTERM: readyz says 503 on the connections that are left, and what was asked is answered', async () => {
  const app = startProcess();
  const url = await app.url();
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
  expect((await app.ended).code).toBe(0);
  agent.destroy();
});

test('metrics are summed over the workers', async () => {
  const app = startProcess({ WORKERS: '2' });
  const url = await app.url();
  // fetch keeps several connections, and these go to the workers in turn.
  await Promise.all(Array.from({ length: 40 }, () => statusOf(`${url}/go`)));
  await Promise.all(Array.from({ length: 10 }, () => statusOf(`${url}/nothing`)));
  const metrics = await (await fetch(`${url}/metrics`)).text();
  const series = 'shortener_request_duration_seconds';
  expect(metrics).toContain(`${series}_count{method="GET",route="/:code",status="302"} 40\n`);
  expect(metrics).toContain(`${series}_bucket{le="+Inf",method="GET",route="/:code",status="302"} 40\n`);
  expect(metrics).toContain(`${series}_count{method="GET",route="/:code",status="404"} 10\n`);
  expect(metrics).toMatch(/^shortener_workers 2$/m);
  expect(Number(/^process_cpu_seconds_total (.+)$/m.exec(metrics)?.[1])).toBeGreaterThan(0);
  expect(Number(/^process_resident_memory_bytes (.+)$/m.exec(metrics)?.[1])).toBeGreaterThan(50e6);
  // Since the start, of which a good part was spent waiting; and how late the loop was, nobody has watched yet.
  expect(Number(/^shortener_event_loop_utilization (.+)$/m.exec(metrics)?.[1])).toBeLessThan(1);
  expect(metrics).not.toContain('shortener_event_loop_lag_seconds');
  let later = metrics;
  for (let scrape = 0; scrape < 100 && !later.includes('event_loop_lag'); scrape++)
    later = await (await fetch(`${url}/metrics`)).text();
  expect(Number(/^shortener_event_loop_lag_seconds (.+)$/m.exec(later)?.[1])).toBeGreaterThanOrEqual(0);
});

test('the first redirect is timed, whatever was asked before it', async () => {
  const app = startProcess({ WORKERS: '1' });
  const url = await app.url();
  for (const path of ['/nothing', '/', '/go']) await statusOf(url + path);
  expect((await fetch(`${url}/go`, { method: 'HEAD', redirect: 'manual' })).status).toBe(302);
  const metrics = await (await fetch(`${url}/metrics`)).text();
  for (const method of ['GET', 'HEAD']) {
    const sum = new RegExp(`_sum\\{method="${method}",route="/:code",status="302"\\} (.+)`).exec(metrics)?.[1];
    expect(Number(sum)).toBeGreaterThan(0);
  }
});

test('links go out and in as a urls.json, also while the app runs', async () => {
  const DATA_DIR = tempFolder();
  const app = startProcess({ DATA_DIR });
  const url = await app.url();
  const file = join(tempFolder(), 'old.json');
  writeFileSync(file, '{"old": {"url": "https://example.org/old"}}');
  expect(await startProcess({ DATA_DIR }, 'import', file).ended).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(await statusOf(`${url}/old`)).toBe(302);

  const { stdout } = await startProcess({ DATA_DIR }, 'export').ended;
  const shipped = JSON.parse(readFileSync(join(import.meta.dirname, '..', '..', '..', 'urls.json'), 'utf8'));
  const expected = { ...shipped, gauge: { file: 'gauge.seed.png' }, old: { url: 'https://example.org/old' } };
  expect(JSON.parse(stdout)).toEqual(expected);
});

test.each([
  [['reload'], 'No app runs on'],
  [['import'], 'Unknown command.'],
  [['serve'], 'Unknown command.'],
])('the command %j without what it needs is refused', async (args, sentence) => {
  const { code, stderr } = await startProcess({}, ...args).ended;
  expect([code, stderr]).toEqual([2, expect.stringContaining(sentence)]);
});

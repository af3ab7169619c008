import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { findNginx, startNginx } from '../../target/nginx.ts';
import { nginxConfig } from '../../target/nginx-site.ts';

const installed = ['/usr/sbin/nginx', '/usr/bin/nginx'].some((path) => existsSync(path));
const nginxTest = installed || process.env.CI ? test : test.skip;
const folder = mkdtempSync(join(tmpdir(), 'nginx-'));
afterAll(() => rmSync(folder, { recursive: true }));

const isAlive = (pid: number): boolean => existsSync(`/proc/${pid}`);

async function startBehindNginx(name: string, parent = folder) {
  const app = createServer((request, response) => response.end(request.headers['x-forwarded-for']));
  await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
  const appUrl = `http://127.0.0.1:${(app.address() as AddressInfo).port}`;
  const nginx = await startNginx({
    program: findNginx(process.env),
    appUrl,
    folder: join(parent, name),
    workers: 1,
    connections: 10,
  });
  return { app, nginx };
}

nginxTest(
  'it passes requests on to the app through the site, and ends with all its processes (needs nginx)',
  async () => {
    const { app, nginx } = await startBehindNginx('whole');
    const workers = readFileSync(`/proc/${nginx.pid}/task/${nginx.pid}/children`, 'utf8').trim().split(' ').map(Number);
    expect(workers).toHaveLength(1);
    expect(nginx.version).toMatch(/^\d+\.\d+/);
    expect(await (await fetch(nginx.url)).text()).toBe('127.0.0.1');
    await nginx.stop();
    expect([nginx.pid, ...workers].map(isAlive)).toEqual([false, false]);
    app.closeAllConnections();
    app.close();
  },
);

nginxTest('its folder may be relative, as that of a run is (needs nginx)', async () => {
  const { app, nginx } = await startBehindNginx('relative', relative(process.cwd(), folder));
  expect(await (await fetch(nginx.url)).text()).toBe('127.0.0.1');
  await nginx.stop();
  app.closeAllConnections();
  app.close();
});

nginxTest('one that ends by itself says so (needs nginx)', async () => {
  const { app, nginx } = await startBehindNginx('killed');
  process.kill(nginx.pid, 'SIGKILL');
  expect(await nginx.died).toMatchObject({ code: 'nginx-exited', how: 'SIGKILL' });
  await nginx.stop();
  app.close();
});

nginxTest('one that does not start gives its error (needs nginx)', async () => {
  const start = startNginx({
    program: findNginx(process.env),
    appUrl: 'http://127.0.0.1:1',
    folder: join(folder, 'broken'),
    workers: -1,
    connections: 10,
  });
  await expect(start).rejects.toThrow(/^nginx did not start: .*\[emerg\].*worker_processes/);
});

test('without nginx one sentence says what to do', () => {
  expect(() => findNginx({ PATH: '/nowhere' }, [])).toThrow(
    '--with nginx: nginx is not installed. Install it (on Debian: apt-get install nginx-light), or leave nginx out',
  );
});

test('the site of the project listens on loopback alone, writes into its folder alone, and knows no other app', () => {
  const place = {
    app: '127.0.0.1:4321',
    port: 5001,
    statusPort: 5002,
    folder: '/made up',
    workers: 2,
    connections: 10,
  };
  const config = nginxConfig(place);
  expect([...config.matchAll(/listen ([^ ;]+)/g)].map(([, at]) => at)).toEqual(['127.0.0.1:5001', '127.0.0.1:5002']);
  expect([...config.matchAll(/^ *server ([^ {;]+)/gm)].map(([, at]) => at)).toEqual(['127.0.0.1:4321']);
  expect([...config.matchAll(/_log "([^"]+)"/g)].map(([, path]) => path)).toEqual([
    '/made up/error.log',
    '/made up/headroom.access.log',
    '/made up/headroom.error.log',
  ]);
  expect(config).toContain('worker_processes 2;');
  expect(nginxConfig({ ...place, connections: 5000 })).toContain('worker_connections 10064;');
});

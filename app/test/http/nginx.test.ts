import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, expect, test } from '@jest/globals';
import { freePorts, nginxProgram, startNginx } from '../../../test/nginx.ts';
import { IDLE_LIMIT_MS } from '../../cluster/drain-limit.ts';
import { listen } from '../../cluster/listen.ts';
import { cleanUp, onCleanUp, tempFolder } from '../app-process.ts';
import { startApp, visit } from '../app-server.ts';

const nginxTest = nginxProgram || process.env.CI ? test : test.skip;
const SITE = join(import.meta.dirname, '..', '..', '..', 'deploy', 'nginx', 'headroom.conf');

afterAll(cleanUp);

interface Nginx {
  readonly url: string;
  readonly statusUrl: string;
  readonly folder: string;
}

/** Runs the real site configuration with other ports and another log folder. */
async function proxyTo(appUrl: string): Promise<Nginx> {
  const folder = tempFolder();
  const [port, statusPort] = await freePorts(2);
  const site = readFileSync(SITE, 'utf8')
    .replaceAll('127.0.0.1:8000', new URL(appUrl).host)
    .replace('listen 5000', `listen 127.0.0.1:${port}`)
    .replace(/listen \[::\]:5000.*/, '')
    .replace('127.0.0.1:8081', `127.0.0.1:${statusPort}`)
    .replaceAll('/var/log/nginx/', `${folder}/`);
  const nginx = await startNginx(folder, site);
  onCleanUp(nginx.stop);
  return {
    url: `http://127.0.0.1:${port}`,
    statusUrl: `http://127.0.0.1:${statusPort}/nginx_status`,
    folder,
  };
}

const addresses: string[] = [];
let site: Promise<Nginx> | undefined;

/** The app behind nginx, started once for the tests of the site. */
function startSite(): Promise<Nginx> {
  site ??= (async () => {
    const creationWaitS = async (address: string) => {
      addresses.push(address);
      return 0;
    };
    const app = await startApp({ trustProxy: ['loopback'], creationWaitS });
    onCleanUp(() => app.stop());
    return proxyTo(app.url);
  })();
  return site;
}

nginxTest('the log has the combined format and two times, and is flushed (needs nginx)', async () => {
  const nginx = await startSite();
  await (await visit(nginx.url).get('/go?utm=x')).text();
  const log = join(nginx.folder, 'headroom.access.log');
  let text = '';
  // nginx flushes it after a second.
  while (text === '') text = await readFile(log, 'utf8');
  expect(text).toMatch(
    /^127\.0\.0\.1 - - \[\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4}\] "GET \/go\?utm=x HTTP\/1\.1" 302 0 "-" "[^"]+" \d+\.\d{3} \d+\.\d{3}\n$/,
  );
});

nginxTest('the site passes requests through unchanged (needs nginx)', async () => {
  const nginx = await startSite();
  const visitor = visit(nginx.url);

  const redirect = await visitor.get('/go');
  expect([redirect.status, redirect.headers.get('location')]).toEqual([302, 'http://google.com']);
  expect((await visitor.get('/nothing')).status).toBe(404);

  const body = new URLSearchParams({ code: 'proxied', url: 'https://example.org/' });
  const headers = { origin: nginx.url, 'x-forwarded-for': '198.51.100.7' };
  const created = await visitor.send('/your-url', { method: 'POST', body, headers });
  expect([created.status, created.headers.get('location')]).toEqual([303, '/proxied+']);
  expect(await (await visitor.get('/proxied+')).text()).toContain(`>${nginx.url}/proxied</output>`);
  // A client that names itself as a proxy is loopback here, and so trusted; the log has the address that connected.
  expect(addresses).toEqual(['198.51.100.7']);

  const big = new FormData();
  big.set('file', new Blob([Buffer.alloc(200_000)]), 'big.bin');
  expect((await visitor.post('/your-url', big)).status).toBe(413);

  expect(await (await fetch(nginx.statusUrl)).text()).toMatch(/^Active connections: \d+/);
  expect((await fetch(nginx.url.replace(/\d+$/, new URL(nginx.statusUrl).port))).status).toBe(404);
});

nginxTest('slow bodies take a bounded part of the disk, and others pass meanwhile (needs nginx)', async () => {
  const nginx = await startSite();
  const port = Number(new URL(nginx.url).port);
  const head = 'POST /your-url HTTP/1.1\r\nHost: x\r\nContent-Type: multipart/form-data; boundary=x\r\n';
  for (const framing of ['Content-Length: 11000000', 'Transfer-Encoding: chunked']) {
    let refused = 0;
    const sockets = Array.from({ length: 12 }, () => connect(port, '127.0.0.1').on('error', () => {}));
    await new Promise<void>((resolve) => {
      for (const socket of sockets) {
        socket.write(`${head}${framing}\r\n\r\n`);
        socket.on('data', (data) => {
          if (String(data).startsWith('HTTP/1.1 503 ')) refused += 1;
          if (refused === 4) resolve();
        });
      }
    });
    const body = new URLSearchParams({ code: `beside-${framing.length}`, url: 'https://example.org/' });
    expect((await visit(nginx.url).send('/your-url', { method: 'POST', body })).status).toBe(303);
    expect(refused).toBe(4);
    const closed = sockets.map((socket) => once(socket, 'close'));
    for (const socket of sockets) socket.destroy();
    await Promise.all(closed);
  }
});

nginxTest('a slow download is not copied to the disk (needs nginx)', async () => {
  const piece = Buffer.alloc(1024 * 1024);
  const app = createServer((_, res) => {
    Readable.from(Array.from({ length: 40 }, () => piece)).pipe(res);
  }).listen(0, '127.0.0.1');
  await once(app, 'listening');
  const nginx = await proxyTo(`http://127.0.0.1:${(app.address() as AddressInfo).port}`);
  let bytes = 0;
  // Slower than the app sends.
  for await (const chunk of (await fetch(`${nginx.url}/files/x`)).body ?? []) {
    bytes += chunk.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(bytes).toBe(40 * piece.length);
  expect(await readFile(join(nginx.folder, 'headroom.error.log'), 'utf8')).not.toContain('temporary file');
  app.close();
  app.closeAllConnections();
});

nginxTest('connections to the app are kept, and a dead app is a 502 (needs nginx)', async () => {
  let connections = 0;
  const app = createServer((req, res) => res.end(req.headers.connection ?? 'none'));
  app.on('connection', () => {
    connections += 1;
  });
  app.listen(0, '127.0.0.1');
  await once(app, 'listening');
  const nginx = await proxyTo(`http://127.0.0.1:${(app.address() as AddressInfo).port}`);
  for (let i = 0; i < 50; i += 1) expect(await (await fetch(`${nginx.url}/go`)).text()).toBe('none');
  // nginx closes what was idle for a second: on a machine that stood still that is more than one.
  expect(connections).toBeLessThan(5);
  app.close();
  app.closeAllConnections();
  await once(app, 'close');
  expect((await fetch(`${nginx.url}/go`)).status).toBe(502);
});

nginxTest('an idle connection is closed by nginx, before a worker that drains would do so (needs nginx)', async () => {
  const app = await listen((_, res) => res.end('app'), { host: '127.0.0.1', port: 0 });
  const nginx = await proxyTo(app.url);
  expect(await (await fetch(`${nginx.url}/go`)).text()).toBe('app');
  // It ends when nginx has let go of the connection: the limits of the app are longer than this test may take.
  await app.drain({ idleMs: 600_000, totalMs: 600_000 });
  const kept = /upstream[^}]*keepalive_timeout (\d+)s;/.exec(readFileSync(SITE, 'utf8'))?.[1];
  // A second more, for an nginx that is late on a busy machine.
  expect(IDLE_LIMIT_MS).toBeGreaterThanOrEqual(1000 * Number(kept) + 1000);
});

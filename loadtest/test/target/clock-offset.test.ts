import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { measureClockOffset } from '../../target/clock-offset.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

async function listen(server: Server, scheme = 'http'): Promise<URL> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}/x`);
}

const http = (listener: RequestListener): Promise<URL> => listen(createServer(listener));

describe('measureClockOffset', () => {
  test('a clock that is 10 s behind this one', async () => {
    const url = await http((_, response) => {
      response.setHeader('date', new Date(Date.now() - 10_000).toUTCString());
      response.end('ok');
    });
    const found = await measureClockOffset(url, false);
    if ('missing' in found) throw new Error(found.missing);
    expect(Math.abs(found.clock.offsetMs - 10_000)).toBeLessThanOrEqual(found.clock.uncertaintyMs + 50);
  });

  test('a target that is too slow, refuses or sends no Date says why there is none', async () => {
    const slow = await http(() => {});
    expect(await measureClockOffset(slow, false)).toEqual({ missing: 'it took longer than 1.5 s to answer' });
    const dateless = await http((_, response) => {
      response.sendDate = false;
      response.end('ok');
    });
    expect(await measureClockOffset(dateless, false)).toEqual({ missing: 'it sends no Date header' });
    const gone = createServer();
    const nowhere = await listen(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await measureClockOffset(nowhere, false)).toEqual({ missing: 'ECONNREFUSED' });
  });

  test('a target that switches protocols unasked says so', async () => {
    const switching = createServer();
    switching.on('connection', (socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
      );
    });
    expect(await measureClockOffset(await listen(switching), false)).toEqual({
      missing: 'it closed the connection without an answer',
    });
  });

  test('a certificate that nobody signed is taken when that is asked for', async () => {
    const file = (name: string) => readFileSync(new URL(`../fixtures/${name}`, import.meta.url));
    const tls = { key: file('self-signed-key.pem'), cert: file('self-signed-cert.pem') };
    const url = await listen(
      createTlsServer(tls, (_, response) => response.end('ok')),
      'https',
    );
    expect(await measureClockOffset(url, true)).toHaveProperty('clock');
    expect(await measureClockOffset(url, false)).toEqual({ missing: expect.stringMatching(/CERT/) });
  });
});

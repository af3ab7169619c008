import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import type { Route } from '../../../model/profile.ts';
import { preflight } from '../../target/preflight.ts';

let server: Server;
afterEach(() => new Promise((resolve) => server.close(resolve)));

/** Asks a target that sends this and hangs up. */
async function ask(answer: string, options: { readonly closed: boolean; readonly expect?: number }): Promise<string[]> {
  server = createServer((socket) => {
    socket.on('error', () => {}); // Who does not want the rest hangs up first.
    socket.on('data', () => socket.end(answer, 'latin1'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const expected = [options.expect ?? 200];
  const route: Route = { name: 'x', method: 'GET', path: '/', weight: 1, headers: {}, expect: expected };
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { findings, closesEach } = await preflight(
    origin,
    [route],
    {},
    { insecure: false, timeoutS: 5, closed: options.closed },
  );
  return [...findings.map(({ text }) => text ?? ''), ...(closesEach ? ['closes each'] : [])];
}

const head = 'HTTP/1.1 200 OK\r\n';
const whole = `${head}Content-Length: 2\r\n\r\nok`;
const notModified = 'HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n';
const long = (length: number) => whole.replace('\r\n', `\r\nX-Long: ${'x'.repeat(length)}\r\n`);

describe('preflight', () => {
  test.each<[string, string, number?]>([
    ['103 before its answer', `HTTP/1.1 103 Early Hints\r\n\r\n${whole}`],
    ['100 nobody asked for', `HTTP/1.1 100 Continue\r\n\r\n${whole}`],
    ['304 with a Content-Length', notModified, 304],
    ['204 with a Content-Length', 'HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n', 204],
    ['a second transfer coding', `${head}Transfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`],
    ['204 with chunks announced', 'HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n', 204],
  ])('a closed stage refuses %s and says why; an open one takes it', async (_, answer, status = 200) => {
    await expect(ask(answer, { closed: true, expect: status })).rejects.toThrow(/closed stage.*--rate/);
    server.close();
    await expect(ask(answer, { closed: false, expect: status })).resolves.toEqual([]);
  });

  test.each<[string, string, RegExp]>([
    ['too long headers', long(400_000), /more than 256 KiB of headers/],
    ['two lengths', `${head}Content-Length: 2\r\nContent-Length: 3\r\n\r\nok`, /sends Content-Length twice/],
    ['a negative length', `${head}Content-Length: -1\r\n\r\nok`, /Content-Length that is not a whole number/],
    [
      'a length and chunks',
      `${head}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n`,
      /sends both Content-Length and Transfer-Encoding/,
    ],
    ['a bad chunk', `${head}Transfer-Encoding: chunked\r\n\r\nfour\r\n`, /sends an invalid chunk/],
    ['HTTP/2 without TLS', '\0\0\x06\x04\0\0\0\0\0\0\x04', /HTTP\/2 without TLS.*Enable HTTP\/1.1/],
    ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /does not speak HTTP/],
    ['a broken answer', `${head}Content-Length: 9\r\n\r\nhalf`, /closed the connection mid-response/],
    ['another status', whole.replace('200 OK', '500 No'), /answered 500, expected 200/],
  ])('%s is a mistake in one sentence', async (_, answer, message) => {
    await expect(ask(answer, { closed: false })).rejects.toThrow(message);
  });

  test('names where a failed answer leads without the values of its query', async () => {
    const leading = 'HTTP/1.1 302 Found\r\nLocation: /in?code=s3cret&state=x\r\nContent-Length: 0\r\n\r\n';
    const said = await ask(leading, { closed: true }).catch((error: Error) => error.message);
    expect(said).toContain('answered 302 and leads to /in?..., expected 200');
  });

  test.each([
    ['Connection: close', whole.replace('\r\n', '\r\nConnection: close\r\n')],
    ['HTTP/1.0', 'HTTP/1.0 200 OK\r\n\r\nok'],
  ])('%s suits closed stages too, and is told', async (_, answer) => {
    await expect(ask(answer, { closed: true })).resolves.toEqual(['closes each']);
  });

  test('takes headers as long as the load does', async () => {
    await expect(ask(long(100_000), { closed: true })).resolves.toEqual([]);
  });
});

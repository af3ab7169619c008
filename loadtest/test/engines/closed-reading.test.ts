// What a target sends without end or unasked. One after the other: each of them keeps this process busy.
import { afterAll, describe, expect, test } from '@jest/globals';
import { guardReading } from '../../engines/closed-reading.ts';
import { startServers } from './known-servers.ts';
import { runClosed } from './run-closed.ts';
import { endAfter, steady } from './steady.ts';

const servers = startServers();
afterAll(servers.close);

describe('closed engine', () => {
  test(
    'answers that no request asked for end the stage, since each would count as one to the next',
    steady(async () => {
      const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
      const origin = await servers.tcp((socket) => socket.write(answer.repeat(3)));
      const { stage } = await runClosed(origin, { durationS: 30 });
      expect(stage.aborted).toMatchObject({ code: 'unasked-answer' });
      expect(stage.outcomes.ok).toBeLessThanOrEqual(2);
    }),
  );

  test('one byte more than the answer has ends the stage too', async () => {
    const origin = await servers.tcp((socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokk'));
    const { stage } = await runClosed(origin, { durationS: 30 });
    expect(stage.aborted).toMatchObject({ code: 'unasked-answer' });
  });

  test("an error of autocannon's parser ends the connection, which would wait for ever", () => {
    const destroyed: Error[] = [];
    const client = {
      on: () => undefined,
      conn: { destroy: (error: Error) => destroyed.push(error) },
      parser: { execute: (_: Buffer): unknown => new Error('Parse Error'), hadError: true },
      pipelinedRequests: { addBody: () => undefined },
    };
    guardReading(client, () => undefined);
    client.parser.execute(Buffer.from('kHTTP/1.1 200 OK\r\n'));
    expect(destroyed).toMatchObject([{ code: 'HTTP_NOT_HTTP' }]);
  });

  test.each([
    ['HTTP_BAD_CHUNK', 'Transfer-Encoding: chunked\r\n\r\nfour\r\nokok\r\n0\r\n\r\n'],
    ['HTTP_TWO_LENGTHS', 'Content-Length: 2\r\nContent-Length: 2\r\n\r\nok'],
    ['HTTP_LENGTH_AND_CHUNKED', 'Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    ['HTTP_BAD_HEADER', 'Content-Length: 2\n\nok'],
  ])(
    'refuses what the open engine refuses: %s',
    steady(async (code, rest) => {
      // The third request is sent after the second one was refused.
      const end = endAfter(3);
      const origin = await servers.tcp((socket, _, number) => {
        socket.write(number === 0 ? 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok' : `HTTP/1.1 200 OK\r\n${rest}`);
        end.seen();
      });
      const { stage } = await runClosed(origin, { connections: 1, durationS: 600 }, end.signal);
      expect(stage.outcomes).toMatchObject({ ok: 1, timeout: 0 });
      expect(stage.errors[code]).toBeGreaterThan(0);
      expect(Object.keys(stage.errors)).toEqual([code]);
    }),
  );

  test(
    'a body that never ends is a time-out, and is not kept',
    steady(async () => {
      let sent = 0;
      const origin = await servers.tcp((socket) => {
        const piece = Buffer.alloc(1 << 22, 'x');
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000000\r\n\r\n');
        const more = (): void => {
          if (socket.destroyed) return;
          sent += piece.length;
          socket.write(piece, () => setTimeout(more, 20));
        };
        more();
      });
      const before = process.memoryUsage().heapUsed;
      const { stage } = await runClosed(origin, { durationS: 30, connections: 1 });
      expect(stage.aborted).toMatchObject({ code: 'target-silent' });
      expect(stage.outcomes.timeout).toBe(1);
      expect(process.memoryUsage().heapUsed - before).toBeLessThan(sent / 2);
    }),
  );

  test(
    'a head that never ends ends its connection',
    steady(async () => {
      const origin = await servers.tcp((socket, _, number) => {
        const more = (): void => {
          if (!socket.destroyed) socket.write(`x-${number}: ${'y'.repeat(60_000)}\r\n`, () => setTimeout(more, 20));
        };
        socket.write('HTTP/1.1 200 OK\r\n');
        more();
      });
      const { stage } = await runClosed(origin, { durationS: 30, connections: 1 });
      expect(stage.aborted).toMatchObject({ code: 'target-silent' });
      expect(stage.errors.HTTP_HEAD_TOO_LONG).toBeGreaterThan(0);
    }),
  );
});

import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { afterEach, expect, jest, test } from '@jest/globals';
import { readSettings } from '../../settings.ts';
import { sendTraffic } from '../../telemetry/statsd.ts';
import { countTraffic } from '../../telemetry/traffic.ts';
import { cleanUp, onCleanUp, startProcess } from '../app-process.ts';

afterEach(cleanUp);

/** An agent as far as UDP goes; `lines` are what it was sent. */
async function agent() {
  const socket = createSocket('udp4');
  const lines: string[] = [];
  // In a container the client says behind each line in which one.
  socket.on('message', (packet) =>
    lines.push(
      ...packet
        .toString()
        .trim()
        .replaceAll(/\|c:\S+/g, '')
        .split('\n'),
    ),
  );
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  onCleanUp(() => {
    socket.close();
  });
  /** Resolves when so many lines have come. */
  const received = async (count: number): Promise<readonly string[]> => {
    while (lines.length < count) await once(socket, 'message');
    return lines;
  };
  return { port: socket.address().port, received };
}

test('the shortener sends the agent its request metrics, by route and status', async () => {
  const { port, received } = await agent();
  const app = startProcess({ DD_AGENT_HOST: '127.0.0.1', DD_DOGSTATSD_PORT: String(port) });
  const url = await app.url();
  for (const path of ['/healthz', '/healthz', '/no-such-code']) await fetch(new URL(path, url)).then((r) => r.text());
  app.child.kill('SIGTERM');
  const lines = await received(6);
  expect(lines).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^shortener\.requests:2\|c\|#method:GET,route:\/healthz,status:200/),
      expect.stringMatching(/^shortener\.request\.mean_ms:\d+(\.\d+)?\|h\|#method:GET,route:\/healthz,status:200/),
      expect.stringMatching(/^shortener\.requests:1\|c\|#method:GET,route:[^,]+,status:404/),
    ]),
  );
  expect((await app.ended).code).toBe(0);
});

test('each batch holds the new requests, with latency in milliseconds', async () => {
  const { port, received } = await agent();
  const traffic = countTraffic();
  const tally = traffic.tally('GET', '/:code', 302);
  Object.assign(tally, { count: 100, totalS: 0.2, buckets: [0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 0] });
  const stop = sendTraffic(traffic, { host: '127.0.0.1', port }, () => undefined);
  await stop();
  const tags = 'method:GET,route:/:code,status:302';
  expect(await received(3)).toEqual([
    `shortener.requests:100|c|#${tags}`,
    `shortener.request.mean_ms:2|h|#${tags}`,
    // 99 % of the way from 1 to 5 ms.
    `shortener.request.p99_ms:4.96|h|#${tags}`,
  ]);
});

test('an unreachable agent is logged once', async () => {
  jest.useFakeTimers({
    doNotFake: ['setTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'performance', 'Date'],
  });
  const lines: string[] = [];
  const traffic = countTraffic();
  const tally = traffic.tally('GET', '/', 200);
  await new Promise<void>((resolve) => {
    const log = (line: string) => {
      lines.push(line);
      resolve();
    };
    const stop = sendTraffic(traffic, { host: 'agent.invalid', port: 8125 }, log);
    onCleanUp(stop);
    for (tally.count = 1; tally.count <= 3; tally.count += 1) jest.advanceTimersByTime(11_000);
  });
  jest.useRealTimers();
  await cleanUp();
  expect(lines).toEqual([expect.stringMatching(/^Cannot send metrics to the Datadog agent at agent\.invalid:8125: /)]);
});

test('the settings have no agent unless DD_AGENT_HOST is set', () => {
  expect(readSettings({}).agent).toBeUndefined();
  expect(readSettings({ DD_AGENT_HOST: '10.0.0.5' }).agent).toEqual({ host: '10.0.0.5', port: 8125 });
  expect(() => readSettings({ DD_AGENT_HOST: 'http://x' })).toThrow(/DD_AGENT_HOST is "http:\/\/x"\. Set it to/);
  expect(() => readSettings({ DD_AGENT_HOST: 'x', DD_DOGSTATSD_PORT: '0' })).toThrow(/DD_DOGSTATSD_PORT is "0"/);
});

import { afterEach, expect, test } from '@jest/globals';
import type { LogLine } from '../../../model/access-log/log-line.ts';
import type { LoadLine, StageEndLine } from '../../../model/second.ts';
import { lineSchema } from '../../../model/second.ts';
import { runOpenStage } from '../../engines/open.ts';
import { createRecorder } from '../../replay/recorder.ts';
import { scheduleReplay } from '../../replay/schedule.ts';
import { startServers } from './known-servers.ts';
import { steady } from './steady.ts';

const servers = startServers();
afterEach(servers.close);

async function replayed(
  lines: readonly (readonly [request: string, status: number])[],
  origin: string,
  startAt: number,
  bodies: Readonly<Record<string, string>> = {},
) {
  const recorder = createRecorder({ methods: new Set(['GET', 'HEAD', 'POST']), range: {} });
  lines.forEach(([request, status], index) => {
    recorder.add({ atMs: 1e12 + index * 20 + 1, zone: 'Z', format: 'json', request, status } satisfies LogLine);
  });
  const recording = recorder.finish();
  const { atS, request, durationS, peakPerS } = scheduleReplay(recording, { speed: 1, keep: 1, seed: 1 });
  const emitted: (LoadLine | StageEndLine)[] = [];
  const { requests, names, nameOf } = recording;
  await runOpenStage(
    {
      kind: 'replay',
      stage: 0,
      generator: 0,
      generators: 1,
      origin,
      startAt,
      durationS,
      maxConnections: 100,
      timeoutS: 5,
      insecure: false,
      requests,
      names,
      nameOf,
      atS,
      request,
      peakPerS,
      headers: { cookie: 'a=b' },
      bodies,
    },
    (each) => {
      expect(lineSchema.parse(each)).toEqual(each);
      emitted.push(each);
    },
    new AbortController().signal,
  );
  return emitted.at(-1) as StageEndLine;
}

test(
  'requests go out as they stand in the log, at their moments, and other statuses are told by pattern',
  steady(async () => {
    const seen: { at: number; request: string; host: string | undefined; body: string }[] = [];
    const origin = await servers.http((request, response) => {
      const at = Date.now();
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        seen.push({ at, request: `${request.method} ${request.url}`, host: request.headers.host, body });
        response.statusCode = request.url?.startsWith('/item') ? 500 : 200;
        response.end();
      });
    });
    const startAt = Date.now() + 60;
    const end = await replayed(
      [
        ['GET /a?x=1 HTTP/1.1', 200],
        ['GET http://elsewhere.example/b HTTP/1.1', 304],
        ['HEAD /c HTTP/1.1', 499],
        ['GET /item/1 HTTP/1.1', 200],
        ['GET /item/2 HTTP/1.1', 200],
        ['GET /item/3 HTTP/1.1', 404],
        ['POST /cart HTTP/1.1', 200],
      ],
      origin,
      startAt,
      { POST: '{"n": {n}}' },
    );
    expect(seen.map(({ request }) => request)).toEqual([
      'GET /a?x=1',
      'GET /b',
      'HEAD /c',
      'GET /item/1',
      'GET /item/2',
      'GET /item/3',
      'POST /cart',
    ]);
    expect(seen.every(({ host }) => origin.endsWith(host ?? '-'))).toBe(true);
    expect(seen.at(-1)?.body).toBe('{"n": 6}');
    expect(end.differing).toEqual([
      { route: 'GET /item/:id', inLog: 200, status: 500, requests: 2 },
      { route: 'GET /item/:id', inLog: 404, status: 500, requests: 1 },
    ]);
    // 20 ms apart in the log: none comes before its time, and how late any was is counted.
    for (const [index, { at }] of seen.entries()) expect(at - startAt).toBeGreaterThanOrEqual(20 * index - 1);
  }),
);

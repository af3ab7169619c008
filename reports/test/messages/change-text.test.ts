import { describe, expect, test } from '@jest/globals';
import { describeEffect, describeRecovery, describeTrend } from '../../messages/change-text.ts';
import { renderHtml } from '../../render/html.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';

describe('a build in mid-run', () => {
  test('answers the third question with figures', async () => {
    const { judged } = await readReport(fixture('rebuild'));
    expect(judged.questions[2]?.answers).toEqual([
      {
        status: 'answered',
        text: '"npm run build" ran beside the load and ended with exit code 0 after 34 s. Meanwhile the CPU (user and system) rose from 24 % to 97.2 %; in its busiest second 99.9 % of the CPU was in use. Latency p50 rose from 1.20 ms to 4.08 ms, p99 rose from 5.68 ms to 99.0 ms, throughput stayed at 298/s. Afterwards the CPU was at 25 % and p99 12.2 ms. Latency was back at that of "before" after 4 s of "after". The command took 1.46 vCPUs for 34 s, which is 0.82 CPU credits: a t2.micro earns as many in 8 min 12 s, if its vCPU is as fast.',
      },
    ]);
    expect(judged.headline).toContain('took the CPU from 24 % to 97.2 % and p99 from 5.68 ms to 99.0 ms');
  });

  test('without a look at the host says so, and whatever else it knows', () => {
    const text = describeEffect(
      {
        command: { line: 'make', startedAt: '2026-01-01T00:00:00.000Z', durationS: 3, signal: 'SIGTERM' },
        during: { stage: 'during', throughputPerS: 100 },
      },
      undefined,
    );
    expect(text).toBe(
      '"make" ran beside the load and was ended by SIGTERM after 3 s. What it did to the CPU is not known: the host was not observed meanwhile. Throughput was 100/s.',
    );
  });
});

test('recovery in words', () => {
  const names = { stage: 'after', reference: 'before' };
  expect(describeRecovery({ ...names, recovered: true, afterS: 4 })).toBe(
    'latency was back at that of "before" after 4 s of "after"',
  );
  expect(describeRecovery({ ...names, recovered: false })).toBe(
    'latency was not back at that of "before" by the end of "after"',
  );
});

test('trends in words', () => {
  const memory = { stage: 'soak', metric: 'app.mem.rss', unit: 'bytes' as const };
  expect(describeTrend({ ...memory, perHour: { value: 36e6, low: 30e6, high: 42e6 }, changes: 'grows' })).toBe(
    'memory of the app grows by 34.3 MiB an hour (95 %: 28.6 MiB to 40.1 MiB)',
  );
  expect(describeTrend({ ...memory, perHour: { value: -36e6, low: -42e6, high: -30e6 }, changes: 'falls' })).toBe(
    'memory of the app falls by 34.3 MiB an hour (95 %: 28.6 MiB to 40.1 MiB)',
  );
  expect(describeTrend({ ...memory, perHour: { value: 0, low: -1e6, high: 2e6 }, changes: 'none' })).toBe(
    'memory of the app has no trend (95 %: −977 KiB to +1.91 MiB an hour)',
  );
});

test('open stages show what was intended beside what came of it, and why latency has two figures', async () => {
  const html = renderHtml(await readReport(fixture('rebuild')));
  expect(html).toContain('68 (0.67 %)');
  expect(html).toContain('raw latency counts from when it was sent');
  expect(html).toContain('during, raw');
  expect(html).toContain('<dt>Recovery</dt><dd><strong>after 4 s</strong>');
});

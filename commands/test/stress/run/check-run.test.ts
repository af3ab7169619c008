import { expect, test } from '@jest/globals';
import { loadProfile } from '../../../../loadtest/profiles/load-profile.ts';
import { checkRun } from '../../../stress/run/check-run.ts';

test('a threshold that is given twice is refused, however it is written', () => {
  const check = (thresholds: string[]) =>
    checkRun({
      thresholds,
      profile: loadProfile('smoke'),
      target: new URL('http://127.0.0.1:9/'),
      expect: undefined,
      request: { headers: {}, method: undefined, body: undefined, shownBody: undefined },
      urlsFile: 'urls.json',
      app: undefined,
      paths: undefined,
      isShortener: false,
      allowHost: '',
      generators: 1,
      sources: undefined,
    }).thresholds;
  expect(check(['latency.p99 < 100ms', 'latency.p99 < 200ms'])).toHaveLength(2);
  expect(() => check(['latency.p99 < 100ms', 'errors.rate < 1%', 'latency.p99  <  100.0 ms'])).toThrow(
    "the threshold 'latency.p99 < 100ms' is given twice: leave one of them out",
  );
  expect(() => check(['latency.p99 < 100ms', 'latency.p99 < 0.1 s'])).toThrow(
    "the thresholds 'latency.p99 < 100ms' and 'latency.p99 < 0.1s' are the same: leave one of them out",
  );
  expect(
    check(['latency.p99 < 100ms', 'latency.p99 <= 100ms', 'system.cpu.user.max < 1%', 'system.cpu.user.avg < 1%']),
  ).toHaveLength(4);
});

import { describe, expect, test } from '@jest/globals';
import { isSurelyLine } from '../quick-check.ts';
import { type HostLine, type LoadLine, lineSchema } from '../second.ts';

const load: LoadLine = {
  kind: 'load',
  stage: 0,
  generator: 0,
  at: '2026-01-31T00:00:00.000Z',
  durationS: 1,
  intended: 10,
  dropped: 1,
  lagUs: 'x',
  inFlightS: 0.1,
  sent: 9,
  outcomes: { ok: 9, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
  statusCounts: { 200: 9 },
  routes: { home: { ok: 9, failed: 0 } },
  latencyUs: 'x',
  open: 0,
  lead: true,
  eventLoopUtilization: 0.1,
  cpuS: 0.1,
};
const host: HostLine = {
  kind: 'host',
  at: '2026-12-01T23:59:59.999Z',
  source: 'local',
  host: 'box',
  intervalS: 1,
  metrics: { 'system.cpu.user': 3 },
  perCore: { 'system.cpu.user': [1, 2] },
  services: { nginx: { cpuPercent: 1, rssBytes: 2 } },
};

/** Every value in it in turn, at every depth, replaced by each of the wrong ones, and left out. */
function broken(value: unknown): unknown[] {
  const wrong = [-1, 1.5, '', 'x', null, [], {}, [[]], true, '2026-02-30T00:00:00.000Z', 1e300];
  if (typeof value !== 'object' || value === null) return wrong;
  return [
    ...wrong,
    ...Object.entries(value).flatMap(([key, each]) => {
      const { [key]: _, ...rest } = value as Record<string, unknown>;
      return [...(Array.isArray(value) ? [] : [rest]), ...broken(each).map((other) => replace(value, key, other))];
    }),
  ];
}

function replace(value: object, key: string, other: unknown): unknown {
  return Array.isArray(value)
    ? value.map((each, index) => (String(index) === key ? other : each))
    : { ...value, [key]: other };
}

describe('isSurelyLine', () => {
  test('knows whole lines, with and without the fields that may be absent', () => {
    const { intended: _, dropped: __, lagUs: ___, inFlightS: ____, latencyUs: _____, lead: ______, ...closed } = load;
    const { perCore: _______, services: ________, ...bare } = host;
    for (const line of [load, closed, host, bare]) expect(isSurelyLine(line)).toBe(true);
  });

  test.each([
    ['load', load],
    ['host', host],
  ])('is never surer than the schema of a %s line', (_, line) => {
    const all = broken(line);
    expect(all.length).toBeGreaterThan(100);
    for (const each of all) {
      if (isSurelyLine(each)) expect(lineSchema.safeParse(each).error).toBeUndefined();
    }
  });
});

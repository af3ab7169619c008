import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { HostLine } from '../../../model/second.ts';
import { connectDatadog, type Datadog } from '../../datadog/datadog.ts';
import { type DrillOptions, drill } from '../../drill/drill.ts';
import { applyMonitors } from '../../plan/manage.ts';
import { fakeClock } from '../fake-clock.ts';
import type { WireMonitor } from '../fake-datadog/monitors.ts';
import { type FakeDatadog, keys, startFakeDatadog } from '../fake-datadog/server.ts';
import { madeDefinition } from '../made-definition.ts';

const start = Date.UTC(2026, 0, 1, 12);
const host = 'i-0abc';
const definitions = [await madeDefinition('cpu-user', host), await madeDefinition('cpu-stolen', host)];
/** Five minutes of load between one of rest and the end. */
const loadS = 360;
const cpuAt = (second: number, high: number) => (second > 60 && second <= loadS ? high : 3);

let fake: FakeDatadog;
let datadog: Datadog;
beforeEach(async () => {
  fake = await startFakeDatadog();
  datadog = connectDatadog({ ...keys, apiUrl: fake.url });
  await applyMonitors({ datadog, host, definitions });
  for (const monitor of fake.monitors.stored.values()) monitor.overall_state = 'OK';
});
afterEach(() => fake.close());

/** Holds a drill on a clock that jumps; `happens` says what changes at which second. */
async function hold(options: { high?: number; happens?: Record<number, () => void>; more?: Partial<DrillOptions> }) {
  const samples: HostLine[] = Array.from({ length: loadS }, (_, second) => ({
    kind: 'host',
    at: new Date(start + (second + 1) * 1000).toISOString(),
    source: 'local',
    host: 'ip-10-0-0-1',
    intervalS: 1,
    metrics: { 'system.cpu.user': cpuAt(second + 1, options.high ?? 90), 'system.cpu.stolen': 0 },
  }));
  let endLoad: () => void = () => undefined;
  const load = new Promise<void>((resolve) => {
    endLoad = resolve;
  });
  const left = new Map(Object.entries(options.happens ?? {}).map(([second, change]) => [Number(second), change]));
  const clock = fakeClock(start, (now) => {
    for (const [second, change] of left) {
      if (now < start + second * 1000) continue;
      left.delete(second);
      change();
    }
    if (now >= start + loadS * 1000) endLoad();
  });
  const given = { datadog, host, definitions, load, samples: () => samples, clock };
  const answer = await drill({ ...given, invocation: 'headroom', ...options.more });
  return { ...answer, clock };
}

function stored(key = 'cpu-user'): WireMonitor {
  const monitor = [...fake.monitors.stored.values()].find(({ tags }) => tags.includes(`headroom_key:${key}`));
  if (!monitor) throw new Error(`no ${key}`);
  return monitor;
}
const become = (state: string, second?: number) => () => {
  Object.assign(stored(), {
    overall_state: state,
    ...(second !== undefined && { overall_state_modified: new Date(start + second * 1000).toISOString() }),
  });
};
/** What the agent has sent to Datadog. */
function report(tag: string, value: (second: number) => number) {
  const points = Array.from({ length: 40 }, (_, index): [number, number] => [
    start / 1000 + index * 15,
    value(index * 15),
  ]);
  fake.metrics.stored.push({ metric: 'system.cpu.user', tags: [tag], points });
}

describe('drill', () => {
  test('fired and recovered, counted from the samples, by the time that Datadog gives', async () => {
    const { document, exitCode, text } = await hold({ happens: { 130: become('Alert', 125), 730: become('OK', 722) } });
    expect(document.monitors).toEqual([
      {
        key: 'cpu-user',
        id: stored().id,
        mustFire: true,
        fired: true,
        // The first breaching 15 s end at 12:01:15.
        firedAfterS: 50,
        recovered: true,
        recoveredAfterS: 362,
        breachedAt: '2026-01-01T12:01:15.000Z',
        firedAt: '2026-01-01T12:02:05.000Z',
        recoveredAt: '2026-01-01T12:12:02.000Z',
      },
      { key: 'cpu-stolen', id: stored('cpu-stolen').id, mustFire: false, fired: false, recovered: false },
    ]);
    expect(exitCode).toBe(0);
    expect(text).toContain('cpu-user    fired after 50 s, recovered after 362 s');
  });

  test('without the time of the change the time of the look counts', async () => {
    const { document } = await hold({ happens: { 128: become('Alert'), 725: become('OK') } });
    expect(document.monitors[0]).toMatchObject({ firedAfterS: 55, recoveredAfterS: 370 });
  });

  test('one that fired before the first recorded breach has a reason instead of a negative time', async () => {
    const { document, text } = await hold({ happens: { 70: become('Alert'), 725: become('OK') } });
    expect(document.monitors[0]).not.toHaveProperty('firedAfterS');
    expect(document.monitors[0]).toMatchObject({ fired: true, reason: { code: 'fired-before-breach', earlyS: 5 } });
    expect(text).toContain('cpu-user    fired, recovered after 370 s: The monitor fired 5 s before the first recorded');
  });

  test('a monitor that never recovers ends the drill in time', async () => {
    const { document, clock, exitCode } = await hold({ happens: { 130: become('Alert') } });
    expect(document.monitors[0]).toMatchObject({ fired: true, recovered: false });
    expect(clock.now()).toBe(start + (loadS + 300 + 180) * 1000);
    expect(exitCode).toBe(0);
  });

  test('a load that crosses no threshold proves nothing', async () => {
    const { exitCode, text, clock } = await hold({ high: 30 });
    expect(exitCode).toBe(4);
    expect(text).toContain('The drill proved nothing');
    expect(clock.now()).toBe(start + loadS * 1000);
  });

  test('a failed look is a gap and a warning', async () => {
    const { document } = await hold({
      happens: {
        50: () => fake.fault('GET /api/v1/monitor', { kind: 'html' }),
        130: become('Alert'),
        500: become('OK'),
      },
    });
    expect(document.monitors[0]).toMatchObject({ fired: true, recovered: true });
    expect(document.warnings).toMatchObject([
      { code: 'look-failed', cause: expect.stringContaining('web page instead of Datadog') },
    ]);
  });

  test('an unknown key is refused at once', async () => {
    await expect(hold({ more: { expect: ['cpu'] } })).rejects.toThrow(
      '--expect cpu: unknown monitor. The monitors are cpu-user, cpu-stolen',
    );
  });
});

describe('a monitor that had to fire and stayed silent: exit code 3 and the reason', () => {
  const reasonOf = async (options: Parameters<typeof hold>[0] = {}) => {
    const { document, exitCode } = await hold(options);
    expect(exitCode).toBe(3);
    expect(document.monitors[0]).toMatchObject({ mustFire: true, fired: false, recovered: false });
    return document.monitors[0]?.reason;
  };

  test('muted', async () => {
    stored().matching_downtimes = [{ id: 1, scope: ['*'] }];
    expect(await reasonOf()).toMatchObject({ code: 'muted' });
  });

  test('not there', async () => {
    fake.monitors.stored.delete(stored().id);
    expect(await reasonOf()).toMatchObject({ code: 'monitor-missing', host });
  });

  test('another query', async () => {
    stored().query = stored().query.replace('50', '99');
    expect(await reasonOf()).toMatchObject({ code: 'query-differs', stored: expect.stringMatching(/>= 99$/) });
  });

  test('no data', async () => {
    expect(await reasonOf()).toMatchObject({ code: 'metric-not-sent', metric: 'system.cpu.user' });
  });

  test('wrong host tag', async () => {
    report('host:ip-10-0-0-1', (second) => cpuAt(second, 90));
    expect(await reasonOf()).toMatchObject({
      code: 'wrong-host-tag',
      metric: 'system.cpu.user',
      wanted: 'host:i-0abc',
    });
  });

  test('threshold too high', async () => {
    report('host:i-0abc', (second) => cpuAt(second, 40));
    expect(await reasonOf()).toMatchObject({
      code: 'threshold-too-high',
      text: 'The threshold was not crossed: the worst value in Datadog is 40, though 90 was measured on the host (critical: 50)',
    });
  });

  test('window too long', async () => {
    const slow = [await madeDefinition('cpu-total', host)];
    await applyMonitors({ datadog, host, definitions: [...definitions, ...slow] });
    const points = Array.from({ length: 40 }, (_, index): [number, number] => [
      start / 1000 + index * 15,
      index === 10 ? 1 : 60,
    ]);
    fake.metrics.stored.push({ metric: 'system.cpu.idle', tags: ['host:i-0abc'], points });
    const { document, exitCode } = await hold({ more: { definitions: slow, expect: ['cpu-total'] } });
    expect(exitCode).toBe(3);
    expect(document.monitors[0]?.reason).toMatchObject({ code: 'window-too-long', worstPoint: 99 });
  });

  test('Datadog has the points', async () => {
    report('host:i-0abc', (second) => cpuAt(second, 90));
    expect(await reasonOf()).toMatchObject({ code: 'evaluated-late' });
  });

  test('Datadog does not answer a query for the reason', async () => {
    fake.fault('GET /api/v1/query', { kind: 'html' });
    expect(await reasonOf()).toMatchObject({
      code: 'reason-unknown',
      cause: expect.stringContaining("web page instead of Datadog's API"),
    });
  });

  test('in Alert since before the drill', async () => {
    become('Alert')();
    expect(await reasonOf()).toMatchObject({ code: 'alerting-before-drill' });
  });
});

test('without samples of the host the drill uses those of Datadog', async () => {
  report('host:i-0abc', (second) => cpuAt(second, 90));
  const { document, exitCode } = await hold({
    happens: { 130: become('Alert'), 730: become('OK') },
    more: { samples: undefined },
  });
  expect(document.monitors[0]).toMatchObject({ mustFire: true, fired: true, recovered: true, firedAfterS: 40 });
  expect(exitCode).toBe(0);
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { builtInProfiles, loadProfile } from '../../profiles/load-profile.ts';

const folder = mkdtempSync(join(tmpdir(), 'load-profile-'));
afterAll(() => rmSync(folder, { recursive: true }));

function profile(stages: readonly object[], more: object = {}) {
  const file = join(folder, 'p.json');
  writeFileSync(file, JSON.stringify({ name: 'p', stages, ...more }));
  return loadProfile(file);
}

const open = { kind: 'open', name: 'o', arrivalRatePerS: 5, durationS: 1 };
const closed = { kind: 'closed', name: 'c', connections: 1, durationS: 1 };
const ladder = { kind: 'ladder', name: 'l', connections: [1, 2], durationS: 1 };
const capacity = { kind: 'capacity', name: 'k' };

describe('a profile without thresholds of its own', () => {
  test('is not passed by arrivals that were not sent, where it has any', () => {
    expect(profile([open]).thresholds).toEqual(['errors.rate < 1%', 'dropped.rate < 1%']);
    expect(profile([{ ...open, warmUp: true }, closed]).thresholds).toEqual(['errors.rate < 1%']);
  });

  test.each([[closed], [ladder]])('is not passed by errors: %j', (stage) => {
    expect(profile([stage]).thresholds).toEqual(['errors.rate < 1%']);
    expect(profile([stage], { thresholds: [] }).thresholds).toEqual(['errors.rate < 1%']);
  });

  test('is judged by its SLO where it has probes alone', () => {
    expect(profile([{ ...closed, warmUp: true }, capacity]).thresholds).toEqual([]);
  });

  test('keeps its own', () => {
    expect(profile([open], { thresholds: ['latency.p99 < 9ms'] }).thresholds).toEqual(['latency.p99 < 9ms']);
  });
});

test.each(builtInProfiles)('%s warms an open stage up open, at no more than its own rate, also with --rate', (name) => {
  const written = readFileSync(new URL(`../../profiles/built-in/${name}.json`, import.meta.url), 'utf8');
  for (const ratePerS of 'tune' in JSON.parse(written) ? [undefined, 1, 300] : [undefined]) {
    const { stages } = loadProfile(name, { ratePerS });
    const isOpen = (stage: (typeof stages)[number]) => stage.kind === 'open' || stage.kind === 'capacity';
    const warmUps = stages.filter((stage) => 'warmUp' in stage && stage.warmUp);
    expect(warmUps).toHaveLength(1);
    const measured = stages.filter((stage) => isOpen(stage) && !warmUps.includes(stage));
    const lowest = Math.min(
      ...measured.map(
        (stage) =>
          (stage.kind === 'capacity' ? stage.from : 'arrivalRatePerS' in stage ? stage.arrivalRatePerS : 0) as number,
      ),
    );
    for (const warmUp of warmUps) {
      expect(warmUp.kind).toBe(measured.length > 0 ? 'open' : 'closed');
      if (warmUp.kind === 'open') expect(warmUp.arrivalRatePerS).toBeLessThanOrEqual(lowest);
    }
  }
});

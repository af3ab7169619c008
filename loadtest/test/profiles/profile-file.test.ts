import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { profileSchema } from '../../../model/profile.ts';
import { builtInProfiles, loadProfile } from '../../profiles/load-profile.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'profile-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function load(profile: unknown) {
  const file = join(folder, 'p.json');
  writeFileSync(file, typeof profile === 'string' ? profile : JSON.stringify(profile));
  return loadProfile(file);
}

const open = { kind: 'open', name: 'a', arrivalRatePerS: 10, durationS: 1 };
const good = { name: 'p', stages: [open] };

describe('a profile file', () => {
  test('gets what it leaves out from the format', () => {
    expect(load(good)).toMatchObject({
      timeoutS: 5,
      thresholds: ['errors.rate < 1%', 'dropped.rate < 1%'],
      autostop: [],
      stages: [{ arrivals: 'constant', maxConnections: 1000, warmUp: false }],
    });
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a typo in a key',
      { ...good, stages: [{ ...open, arivals: 'poisson' }] },
      /p\.json: stages\.0: there is no key "arivals"\. Did you mean arrivals\?/,
    ],
    [
      'a typo in a key that must be there',
      { ...good, stages: [{ kind: 'open', name: 'a', arivalRate: 10, durationS: 1 }] },
      /p\.json: stages\.0: there is no key "arivalRate"\. Did you mean arrivalRatePerS\?/,
    ],
    [
      'a typo at the top',
      { ...good, treshold: [] },
      /the whole: there is no key "treshold"\. Did you mean thresholds\?/,
    ],
    ['a negative rate', { ...good, stages: [{ ...open, arrivalRatePerS: -1 }] }, /stages\.0\.arrivalRatePerS/],
    [
      'a ramp from nothing to nothing',
      { ...good, stages: [{ ...open, arrivalRatePerS: { from: 0, to: 0 } }] },
      /stages\.0\.arrivalRatePerS/,
    ],
    ['a weight of 0', { ...good, routes: [{ name: 'r', path: '/', weight: 0, expect: [200] }] }, /routes\.0\.weight/],
    ['no stages', { ...good, stages: [] }, /stages: must be at least 1 entry long/],
    ['stages left out', { name: 'p' }, /stages: is missing: give an array/],
    [
      'a text for a number',
      { ...good, stages: [{ ...open, durationS: '1' }] },
      /durationS: must be a number, not a string/,
    ],
    [
      'an unknown kind',
      { ...good, stages: [{ kind: 'opne', name: 'a' }] },
      /stages\.0\.kind: "opne" is not a kind of stage/,
    ],
    [
      'a path without a slash',
      { ...good, routes: [{ name: 'r', path: 'x', expect: [200] }] },
      /path: must begin with "\/"/,
    ],
    [
      'a tuned stage that does not exist',
      { ...good, tune: { ratePerS: 1, durationOf: 'b' } },
      /tune\.durationOf: there is no stage "b"/,
    ],
    [
      'a stage that is not there',
      { ...good, stages: [{ ...open, recoverTo: 'before' }] },
      /stages\.0\.recoverTo: there is no stage "before"/,
    ],
    [
      'half a connection',
      { ...good, stages: [{ kind: 'closed', name: 'c', connections: 1.5 }] },
      /a whole number, not 1\.5/,
    ],
    ['a word for a switch', { ...good, stages: [{ ...open, warmUp: 'yes' }] }, /warmUp: must be true or false, not a/],
    ['an array for an object', { ...good, stages: [[]] }, /stages\.0: must be an object, not an array/],
    [
      'a stage without a kind',
      { ...good, stages: [{ name: 'a' }] },
      /kind: is missing: give idle, closed, ladder, open/,
    ],
    ['far too many connections', { ...good, stages: [{ ...open, maxConnections: 1e300 }] }, /at most 20000/],
    [
      'half a ramp',
      { ...good, stages: [{ ...open, arrivalRatePerS: { from: 1 } }] },
      /PerS\.to: is missing: give a number/,
    ],
    ['a key of another place', { ...good, stages: [{ ...open, path: '/' }] }, /no key "path"\. Remove it/],
    ['no JSON', '{', /is not JSON/],
  ])('with %s is refused, and the place is named', (_, profile, sentence) => {
    expect(() => load(profile)).toThrow(sentence);
  });

  test('that is not there, and a name that is nearly one', () => {
    expect(() => loadProfile(join(folder, 'none.json'))).toThrow(/there is no file .*none\.json: check the path/);
    expect(() => loadProfile('spkie')).toThrow(/Did you mean spike/);
    expect(() => loadProfile('constructor')).toThrow(/there is no profile "constructor"/);
    load(good);
    expect(() => loadProfile(join(folder, 'p.json'), { ratePerS: 5 })).toThrow(/has rates and durations of its own/);
  });

  test('has a JSON Schema for editors, docs/profile.schema.json, which is this format', () => {
    const path = new URL('../../../docs/profile.schema.json', import.meta.url);
    const schema = `${JSON.stringify(z.toJSONSchema(profileSchema, { io: 'input' }), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, schema);
    expect(readFileSync(path, 'utf8')).toBe(schema);
  });
});

describe('the built-in profiles', () => {
  const written = (name: string) =>
    JSON.parse(readFileSync(new URL(`../../profiles/built-in/${name}.json`, import.meta.url), 'utf8'));
  const tunable = builtInProfiles.filter((name) => 'tune' in written(name));

  test.each(tunable)('%s is of the format, and takes a rate and a duration', (name) => {
    const { ratePerS } = written(name).tune;
    const profile = loadProfile(name, { ratePerS: 2 * ratePerS, durationS: 33, poisson: true });
    expect(profileSchema.parse(profile)).toEqual(profile);
    const rates = (stages: readonly { arrivalRatePerS?: number | { from: number; to: number }; from?: number }[]) =>
      stages.flatMap(({ arrivalRatePerS, from }) =>
        typeof arrivalRatePerS === 'object'
          ? [arrivalRatePerS.from, arrivalRatePerS.to]
          : (arrivalRatePerS ?? from ?? []),
      );
    const doubled = rates(written(name).stages).map((rate) => 2 * rate);
    expect(rates(profile.stages as Parameters<typeof rates>[0])).toEqual(doubled);
    const open = profile.stages.filter((stage) => stage.kind === 'open' || stage.kind === 'capacity');
    for (const stage of open) expect(stage.arrivals).toBe('poisson');
    expect(open.map((stage) => stage.durationS)).toContain(33);
  });

  test.each(builtInProfiles.filter((name) => !tunable.includes(name)))(
    '%s is of the format, and refuses what would change nothing',
    (name) => {
      const profile = loadProfile(name, { poisson: false });
      expect(profileSchema.parse(profile)).toEqual(profile);
      for (const tuning of [{ ratePerS: 7 }, { durationS: 33 }, { poisson: true }])
        expect(() => loadProfile(name, tuning)).toThrow(/Leave out --rate, --duration and --poisson/);
    },
  );

  test('a file says itself what --rate and --duration change', () => {
    const ramp = { kind: 'open', name: 'b', arrivalRatePerS: { from: 0, to: 50 }, durationS: 2 };
    const file = join(folder, 'p.json');
    writeFileSync(file, JSON.stringify({ name: 'p', tune: { ratePerS: 10, durationOf: 'b' }, stages: [open, ramp] }));
    expect(loadProfile(file, { ratePerS: 20, durationS: 7 }).stages).toMatchObject([
      { arrivalRatePerS: 20, durationS: 1 },
      { arrivalRatePerS: { from: 0, to: 100 }, durationS: 7 },
    ]);
  });

  test('capacity refuses a probe that would be longer than asked', () => {
    expect(() => loadProfile('capacity', { durationS: 1 })).toThrow(
      /--duration does not fit profile capacity: .*must be at least 2/,
    );
  });
});

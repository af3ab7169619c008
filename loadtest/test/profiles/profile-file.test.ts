import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { profileSchema } from '../../../model/profile.ts';
import { builtInProfiles, loadProfile } from '../../profiles/built-in.ts';

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
const good = { name: 'p', description: '', stages: [open] };

describe('a profile file', () => {
  test('gets what it leaves out from the format', () => {
    expect(load(good)).toMatchObject({
      timeoutS: 5,
      thresholds: [],
      autostop: [],
      stages: [{ arrivals: 'constant', maxConnections: 1000, warmUp: false }],
    });
  });

  test.each<[string, unknown, RegExp]>([
    [
      'a typo in a key',
      { ...good, stages: [{ ...open, arivals: 'poisson' }] },
      /p\.json: stages\.0: there is no key "arivals"; did you mean arrivals\?/,
    ],
    [
      'a typo in a key that must be there',
      { ...good, stages: [{ kind: 'open', name: 'a', arivalRate: 10, durationS: 1 }] },
      /p\.json: stages\.0: there is no key "arivalRate"; did you mean arrivalRatePerS\?/,
    ],
    [
      'a typo at the top',
      { ...good, treshold: [] },
      /the whole: there is no key "treshold"; did you mean thresholds\?/,
    ],
    ['a negative rate', { ...good, stages: [{ ...open, arrivalRatePerS: -1 }] }, /stages\.0\.arrivalRatePerS/],
    [
      'a ramp from nothing to nothing',
      { ...good, stages: [{ ...open, arrivalRatePerS: { from: 0, to: 0 } }] },
      /stages\.0\.arrivalRatePerS/,
    ],
    ['a weight of 0', { ...good, routes: [{ name: 'r', path: '/', weight: 0, expect: [200] }] }, /routes\.0\.weight/],
    ['no stages', { ...good, stages: [] }, /stages/],
    ['an unknown kind', { ...good, stages: [{ kind: 'opne', name: 'a' }] }, /stages\.0\.kind/],
    [
      'a stage that is not there',
      { ...good, stages: [{ ...open, recoverTo: 'before' }] },
      /stages\.0\.recoverTo: there is no stage "before"/,
    ],
    ['no JSON', '{', /is not JSON/],
  ])('with %s is refused, and the place is named', (_, profile, sentence) => {
    expect(() => load(profile)).toThrow(sentence);
  });

  test('that is not there, and a name that is nearly one', () => {
    expect(() => loadProfile(join(folder, 'none.json'))).toThrow(/there is no file .*none\.json: check the path/);
    expect(() => loadProfile('spkie')).toThrow(/did you mean spike/);
    expect(() => loadProfile('constructor')).toThrow(/there is no profile "constructor"/);
    expect(() => loadProfile(join(folder, 'p.json'), { ratePerS: 5 })).toThrow(/do not go with a profile file/);
  });

  test('has a JSON Schema for editors, docs/profile.schema.json, which is this format', () => {
    const path = new URL('../../../docs/profile.schema.json', import.meta.url);
    const schema = `${JSON.stringify(z.toJSONSchema(profileSchema, { io: 'input' }), null, 2)}\n`;
    if (process.env.UPDATE_GOLDEN) writeFileSync(path, schema);
    expect(readFileSync(path, 'utf8')).toBe(schema);
  });
});

describe('the built-in profiles', () => {
  const tunable = Object.keys(builtInProfiles).filter((name) => name !== 'smoke' && name !== 'stress');

  test.each(tunable)('%s is of the format, and takes a rate and a duration', (name) => {
    const profile = loadProfile(name, { ratePerS: 7, durationS: 33, poisson: true });
    expect(profileSchema.parse(profile)).toEqual(profile);
    const stages = profile.stages.filter((stage) => stage.kind === 'open' || stage.kind === 'capacity');
    for (const stage of stages) {
      expect([7, 70]).toContain(stage.kind === 'open' ? stage.arrivalRatePerS : stage.from);
      expect(stage.arrivals).toBe('poisson');
    }
    expect(stages.map((stage) => stage.durationS)).toContain(33);
  });

  test.each(['smoke', 'stress'])('%s is of the format, and refuses what would change nothing', (name) => {
    const profile = loadProfile(name, { poisson: false });
    expect(profileSchema.parse(profile)).toEqual(profile);
    for (const tuning of [{ ratePerS: 7 }, { durationS: 33 }, { poisson: true }])
      expect(() => loadProfile(name, tuning)).toThrow(/without --rate, --duration and --poisson/);
  });

  test('capacity refuses a probe that would be longer than asked', () => {
    expect(() => loadProfile('capacity', { durationS: 1 })).toThrow(/that of a probe.* at least 2 seconds/);
  });
});

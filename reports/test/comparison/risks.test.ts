import { expect, test } from '@jest/globals';
import { findRisks, largestRisk } from '../../comparison/risks.ts';
import { describeRisk } from '../../messages/risks.ts';
import { textOf } from '../../messages/text-of.ts';

const valid = { validity: { verdict: 'valid', reasons: [] }, disturbances: [], stages: [] };
const machines = { predictions: [], candidate: { instanceType: 't2.micro', sized: { checks: [] } } };

function risksOf(judged: object, more: object = {}) {
  const side = (of: object) => ({ label: 'run', run: { target: {} }, judged: of });
  const sides = { baseline: side(valid), candidate: side({ ...valid, ...judged }) };
  return findRisks(sides as never, { ...machines, ...more } as never);
}

function risksBeside(build: object) {
  const builds = [{ instanceType: 't2.micro', line: 'npm run build', durationS: 17, ...build }];
  return risksOf({ sizing: { builds } }).filter(({ code }) => code.startsWith('risk-build'));
}

test('a build that the kernel ended for want of memory is a risk of its own', () => {
  const [risk] = risksBeside({ ended: 'out-of-memory' });
  expect(risk).toEqual({ code: 'risk-build-memory', instanceType: 't2.micro', line: 'npm run build' });
  expect(risk && textOf(risk as never)).toContain('a build needs more memory than a t2.micro has');
});

test('a build that was done is told with its time, one that failed otherwise not at all', () => {
  expect(risksBeside({})).toMatchObject([{ code: 'risk-build', durationS: 17 }]);
  expect(risksBeside({ ended: 'failed' })).toEqual([]);
});

test.each([
  [8, 7.9, 'Takes as long as on t2.medium'],
  [12, 8, 'Takes 1.5 times as long as on t2.medium'],
  [6, 8, 'Takes 0.75 times as long as on t2.medium'],
])('a build of %d s against one of %d s: %s', (durationS, other, said) => {
  const beside = { instanceType: 't2.medium', durationS: other };
  const risk = { code: 'risk-build', instanceType: 't2.micro', durationS, beside };
  expect(describeRisk(risk, textOf)[2]).toBe(said);
});

test('against a no stand only the risks of the measurement and the prediction', () => {
  const credits = { hoursToThrottle: { launch: 0.5, full: 2 }, sustainedPerS: { value: 100, low: 90, high: 110 } };
  const candidate = { ...machines.candidate, ...credits };
  const risks = risksOf({}, { candidate });
  expect([largestRisk(risks, 'depends')?.code, largestRisk(risks, 'fail')?.code]).toEqual([
    'risk-credits-empty',
    undefined,
  ]);
  const invalid = risksOf({ validity: { verdict: 'invalid', reasons: [] } }, { candidate });
  expect(largestRisk(invalid, 'fail')?.code).toBe('risk-not-valid');
});

test('a prediction that was too high comes first, one that was too low after the credits', () => {
  const credits = { hoursToThrottle: { launch: 0.5, full: 2 }, sustainedPerS: { value: 100, low: 90, high: 110 } };
  const candidate = { ...machines.candidate, ...credits };
  const missed = (errorPercent: number) => ({ instanceType: 't2.micro', state: 'burst', held: false, errorPercent });
  const risks = (...errors: number[]) => risksOf({}, { candidate, predictions: errors.map(missed) });
  expect(risks(-30, 20)).toMatchObject([{ code: 'risk-prediction', errorPercent: 20 }, { code: 'risk-credits-empty' }]);
  const [first, second] = risks(-10, -30);
  expect([first?.code, second?.code]).toEqual(['risk-credits-empty', 'risk-prediction']);
  expect(second && textOf(second as never)).toBe('the burst rate predicted for t2.micro was 30 % too low');
});

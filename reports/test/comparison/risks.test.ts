import { expect, test } from '@jest/globals';
import { findRisks } from '../../comparison/risks.ts';
import { textOf } from '../../messages/text-of.ts';

const valid = { validity: { verdict: 'valid', reasons: [] }, disturbances: [], stages: [] };
const machines = { predictions: [], candidate: { instanceType: 't2.micro', sized: { checks: [] } } };

function risksBeside(build: object) {
  const builds = [{ instanceType: 't2.micro', line: 'npm run build', durationS: 17, ...build }];
  const side = (judged: object) => ({ label: 'run', run: { target: {} }, judged });
  const sides = { baseline: side(valid), candidate: side({ ...valid, sizing: { builds } }) };
  return findRisks(sides as never, machines as never).filter(({ code }) => code.startsWith('risk-build'));
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

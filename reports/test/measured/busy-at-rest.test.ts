import { expect, test } from '@jest/globals';
import { findInstanceType, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import type { Measured } from '../../schema/judged.ts';
import { sizeRun } from '../../sizing/size-run.ts';
import { judgeValidity } from '../../verdict/judge-validity.ts';
import { knownRun } from '../size-fixture.ts';

const measured = { requests: { completed: 1 }, stages: 1 } as Measured;
const block = { startedAt: '2026-01-01T00:00:00.000Z', durationS: 2, throughputPerS: 900, clean: true };

/** A run of which the last stage is in blocks, on a host of which others use so many of its two cores. */
function seen(otherVcpus: number, inBlocks = true) {
  const { run, observed } = knownRun({ demandMs: 1, rates: [100, 900], otherVcpus });
  const stages = run.stages.map((stage, index) =>
    inBlocks && index === 2 ? { ...stage, blocks: Array.from({ length: 8 }, () => block) } : stage,
  );
  return { run: { ...run, stages }, observed };
}

test('figures in blocks beside neighbours that use half of the machine are no verdict, in judgement and sizing', () => {
  const { run, observed } = seen(1);
  expect(judgeValidity(run, observed, measured)).toMatchObject({
    verdict: 'invalid',
    reasons: [{ code: 'host-busy-at-rest' }],
  });
  const options = { traffic: undefined, builds: undefined, mode: undefined, start: 'launch', count: 'app' } as const;
  const sizing = sizeRun({ run, observed, ...options, catalogue: instanceCatalogue }, [findInstanceType('t2.micro')]);
  expect(sizing.instances[0]).toMatchObject({ verdict: 'inconclusive', limitedBy: 'measurement' });
});

test('an idle machine, or a run without blocks, keeps its verdict', () => {
  for (const { run, observed } of [seen(0.1), seen(1, false)])
    expect(judgeValidity(run, observed, measured).verdict).toBe('valid');
});

import { expect, test } from '@jest/globals';
import { findInstanceTypes } from '../../../../model/catalogue/instance-catalogue.ts';
import type { Observed } from '../../../../model/observed.ts';
import { sizeRuns } from '../../../../reports/sizing/size-runs.ts';
import { fixture } from '../../../../reports/test/fixture.ts';
import { readReport } from '../../../../reports/write.ts';
import { describeOutcome } from '../../../stress/outcome/print-outcome.ts';

const terminal = { warning: undefined, verbose: false, columns: 100, color: false };

test('a run whose thresholds hold says that its app is too large for its type, and nothing of the others', async () => {
  const { run: whole, observed: seen, judged } = await readReport(fixture('complete'));
  const bytes = 900 * 1024 ** 2;
  const rss = { min: bytes, max: bytes, avg: bytes, samples: 3 };
  const stages = (seen?.stages ?? []).map((each) => ({ ...each, metrics: { ...each.metrics, 'app.mem.rss': rss } }));
  const observed = { ...(seen as Observed), stages };
  const said = async (instanceType: string) => {
    const run = { ...whole, target: { ...whole.target, instanceType } };
    const sizing = sizeRuns([{ run, observed }], findInstanceTypes('--on', 't2.micro,t2.medium'));
    const results = [{ run, observed, judged: { ...judged, verdict: 'pass' as const }, dir: 'runs/a', reportDir: 'a' }];
    return describeOutcome({ results, sizing, decided: undefined, blocks: [] }, terminal);
  };
  expect(await said('t2.micro')).toMatch(/^t2\.micro +does not fit +memory/m);
  expect(await said('t2.medium')).not.toContain('does not fit');
});

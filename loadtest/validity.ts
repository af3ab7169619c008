// Whether the measurement can be trusted, apart from whether the target passed.
import type { StageRecord, Validity } from '../model/run-record.ts';
import type { LoadLine } from '../model/second.ts';

/** Above this use of its event loop a generator measures itself (autocannon.md, P34). */
export const generatorLimit = 0.95;

/** Judges the load side of a run from its stages and the seconds that they were made of. */
export function judgeValidity(
  stages: readonly StageRecord[],
  seconds: readonly LoadLine[],
  died: string | undefined,
): Validity {
  const measured = stages.filter((stage) => stage.role === 'measured');
  const invalid: string[] = [];
  const inconclusive: string[] = [];
  if (died) invalid.push(died);
  if (measured.every((stage) => stage.outcomes.ok === 0)) {
    inconclusive.push('no request was answered as expected, so there is nothing to judge');
  }
  for (const stage of measured) {
    const { sent, completed, open } = stage.requests;
    const { timeout, connectionError } = stage.outcomes;
    const ended = completed + timeout + connectionError + open;
    const { intended, dropped } = stage.requests;
    if (intended !== sent + dropped) {
      invalid.push(
        `stage ${stage.name}: ${intended} requests were intended, ${sent} sent and ${dropped} dropped: some are not accounted for`,
      );
    }
    if (sent !== ended) invalid.push(`stage ${stage.name}: ${sent} requests were sent, ${ended} are accounted for`);
  }
  const busy = measured.filter((stage) => generatorUse(stage, stages, seconds) > generatorLimit);
  if (busy.length > 0 && busy.length === measured.length) {
    inconclusive.push(
      'the generator itself was the limit in every stage: use more generators, or a machine with more cores',
    );
  }
  if (invalid.length > 0) return { verdict: 'invalid', reasons: [...invalid, ...inconclusive] };
  if (inconclusive.length > 0) return { verdict: 'inconclusive', reasons: inconclusive };
  return { verdict: 'valid', reasons: [] };
}

/** Mean event-loop use, 0 to 1, of the busiest generator in a stage; 0 when it has no second. */
function generatorUse(stage: StageRecord, stages: readonly StageRecord[], seconds: readonly LoadLine[]): number {
  const byGenerator = new Map<number, number[]>();
  for (const line of seconds) {
    if (stages[line.stage] !== stage || line.durationS === 0) continue;
    byGenerator.set(line.generator, [...(byGenerator.get(line.generator) ?? []), line.eventLoopUtilization]);
  }
  return Math.max(0, ...[...byGenerator.values()].map((uses) => uses.reduce((sum, use) => sum + use, 0) / uses.length));
}

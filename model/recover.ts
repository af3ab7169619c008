// A run whose harness was killed has no stage records for its last seconds: they are made again from seconds.jsonl.
import { modelFinding } from './messages.ts';
import type { RunRecord } from './run-record.ts';
import type { BlockLine, Line, LoadLine, StageEndLine, StageLine } from './second.ts';
import { stageFromLines } from './stage/stage-result.ts';

/**
 * The run as its lines record it. A finished run comes back as it is; one that is still `running` on disk gets its stages from the
 * lines, and a warning that it is partial.
 */
export async function recoverRun(run: RunRecord, lines: AsyncIterable<Line>): Promise<RunRecord> {
  if (run.status !== 'running') return run;
  const begins: StageLine[] = [];
  const seconds = new Map<number, LoadLine[]>();
  const ends = new Map<number, StageEndLine[]>();
  const blocks = new Map<number, BlockLine[]>();
  for await (const line of lines) {
    if (line.kind === 'stage') begins.push(line);
    if (line.kind === 'load') add(seconds, line);
    if (line.kind === 'stage-end') add(ends, line);
    if (line.kind === 'block') add(blocks, line);
  }
  return {
    ...run,
    statusReason: modelFinding('harness-killed'),
    stages: begins.map((begin) => {
      const of = { seconds: seconds.get(begin.stage) ?? [], ends: ends.get(begin.stage) ?? [] };
      const known = blocks.get(begin.stage)?.map(({ block }) => block);
      if (begin.role !== 'probe') return stageFromLines(begin, of.seconds, of.ends, known);
      // An open block has the figures of the whole, whether it counts or not. Killed in the middle, it is known by its lead.
      const isOpenBlock = known ?? of.seconds.some(({ lead }) => lead);
      return { ...stageFromLines(begin, of.seconds, of.ends), ...(isOpenBlock && { blocks: known ?? [] }) };
    }),
    validity: { verdict: 'inconclusive', reasons: [modelFinding('harness-killed')] },
    warnings: [...run.warnings, modelFinding('stages-recovered')],
  };
}

/** In place: a copy for each line makes a long run take the square of its length. */
function add<T extends { readonly stage: number }>(byStage: Map<number, T[]>, line: T): void {
  const known = byStage.get(line.stage);
  if (known) known.push(line);
  else byStage.set(line.stage, [line]);
}

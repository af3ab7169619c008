// Each shard detects its own warm-up; merged figures need one window.
import { modelFinding } from '../../model/messages.ts';
import { readLines } from '../../model/run-folder.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { stageFromLines } from '../../model/stage/stage-result.ts';

type Steady = NonNullable<StageRecord['steady']>;

/**
 * The runs with the longest warm-up that any of them cut off a stage cut off that stage in all. Reads the lines of those that cut
 * less, one run at a time; `runs` and `dirs` go in pairs.
 */
export async function alignCuts(runs: readonly RunRecord[], dirs: readonly string[]): Promise<RunRecord[]> {
  const longest: (Steady | undefined)[] = [];
  for (const { stages } of runs) {
    for (const [number, { steady }] of stages.entries())
      if (steady && steady.cutS > (longest[number]?.cutS ?? 0)) longest[number] = steady;
  }
  const aligned: RunRecord[] = [];
  for (const [index, run] of runs.entries()) aligned.push(await cutLike(longest, run, dirs[index] as string));
  return aligned;
}

async function cutLike(longest: readonly (Steady | undefined)[], run: RunRecord, dir: string): Promise<RunRecord> {
  const wanted = (number: number): Steady | undefined => {
    const cut = longest[number];
    return cut && (run.stages[number]?.steady?.cutS ?? 0) < cut.cutS ? cut : undefined;
  };
  if (!run.stages.some((_, number) => wanted(number))) return run;
  const lines = new Map<number, Exclude<Line, { kind: 'host' }>[]>();
  for await (const line of readLines(dir)) {
    if (line.kind === 'host' || !wanted(line.stage)) continue;
    const known = lines.get(line.stage);
    if (known) known.push(line);
    else lines.set(line.stage, [line]);
  }
  const stages = run.stages.map((stage, number) => {
    const cut = wanted(number);
    const own = lines.get(number) ?? [];
    const begin = own.find((line) => line.kind === 'stage');
    if (!cut || !begin) return stage;
    const again = stageFromLines(
      { ...begin, cutS: cut.cutS },
      own.filter((line) => line.kind === 'load'),
      own.filter((line) => line.kind === 'stage-end'),
    );
    const { latencyUs: _, ...rest } = stage;
    const isSteady = stage.steady?.steady !== false;
    const reason = isSteady ? cut.reason : modelFinding('cut-by-shards', { cutS: cut.cutS });
    return { ...rest, ...again, steady: { ...cut, reason, steady: isSteady } };
  });
  return { ...run, stages };
}

import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import { gatherSamples, type StageSample } from '../series/second-sample.ts';

/** The samples of a whole run. */
export async function sampleSeconds(run: RunRecord, lines: AsyncIterable<Line>): Promise<readonly StageSample[]> {
  const gathered = gatherSamples(run);
  for await (const line of lines) gathered.add(line);
  return gathered.result();
}

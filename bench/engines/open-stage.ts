// One open stage through generator processes, as a run does it, and its record.
import type { Generators } from '../../loadtest/generators/generators.ts';
import type { LoadLine, StageEndLine } from '../../model/second.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import { stageFromLines } from '../../model/stage/stage-result.ts';

/** What is sent. */
export const page = { name: 'go', method: 'GET' as const, path: '/', weight: 1, headers: {}, expect: [200, 302] };

type OpenStageAsked = {
  readonly origin: string;
  readonly ratePerS: number;
  readonly durationS: number;
  readonly arrivals?: 'constant' | 'poisson';
  readonly seed?: number;
  readonly maxConnections?: number;
  /** Gets the CPU time of each second of a generator. */
  readonly onCpuS?: (cpuS: number) => void;
};

/** Runs it on all of the given generators. */
export async function runOpen(generators: Generators, asked: OpenStageAsked): Promise<StageRecord> {
  const lines: LoadLine[] = [];
  const ends: StageEndLine[] = [];
  const startAt = Date.now() + 500;
  const orders = Array.from({ length: generators.count }, (_, generator) => ({
    kind: 'open' as const,
    stage: 0,
    generator,
    generators: generators.count,
    origin: asked.origin,
    routes: [page],
    startAt,
    durationS: asked.durationS,
    arrivalRatePerS: { from: asked.ratePerS, to: asked.ratePerS },
    arrivals: asked.arrivals ?? 'constant',
    seed: asked.seed ?? 1,
    maxConnections: Math.floor((asked.maxConnections ?? 1000) / generators.count),
    timeoutS: 5,
    insecure: true,
  }));
  await generators.run(orders, (line) => {
    if (line.kind === 'load') asked.onCpuS?.(line.cpuS);
    if (line.kind === 'load') lines.push(line);
    else ends.push(line);
  });
  const startedAt = new Date(startAt).toISOString();
  return stageFromLines(
    { kind: 'stage', stage: 0, name: 'open', stageKind: 'open', role: 'measured', startedAt },
    lines,
    ends,
  );
}

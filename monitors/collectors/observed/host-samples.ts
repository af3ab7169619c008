import type { HostLine, Line, LoadLine } from '../../../model/second.ts';

/** A time span, in ms since 1970. */
export type Window = { readonly from: number; readonly to: number };

/** The host samples of a run, in order, and by stage the time from its first to its last second of load. */
export async function collectSamples(
  lines: AsyncIterable<Line>,
  onLoad?: (line: LoadLine) => void,
): Promise<{ readonly samples: readonly HostLine[]; readonly load: ReadonlyMap<number, Window> }> {
  const samples: HostLine[] = [];
  const load = new Map<number, Window>();
  for await (const line of lines) {
    if (line.kind === 'host') samples.push(line);
    if (line.kind !== 'load') continue;
    onLoad?.(line);
    if (line.durationS === 0) continue;
    const from = Date.parse(line.at);
    const to = from + line.durationS * 1000;
    const known = load.get(line.stage);
    load.set(line.stage, known ? { from: Math.min(known.from, from), to: Math.max(known.to, to) } : { from, to });
  }
  return { samples, load };
}

import type { HostLine, Line } from '../model/second.ts';

/** The host samples among the lines of a run, in order. */
export async function collectSamples(lines: AsyncIterable<Line>): Promise<HostLine[]> {
  const samples: HostLine[] = [];
  for await (const line of lines) if (line.kind === 'host') samples.push(line);
  return samples;
}

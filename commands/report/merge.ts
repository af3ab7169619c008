// `headroom report --merge`: the run folders of shards as one.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { mergeRuns } from '../../model/merge-runs.ts';
import { recoverRun } from '../../model/recover.ts';
import { readLines, readRun } from '../../model/run-folder.ts';
import { appendLines, createRunFolder } from '../../model/write-run.ts';
import { runId } from '../cli/run-id.ts';
import { observeRun } from '../datadog/observe-run.ts';
import { alignCuts } from './align-cuts.ts';
import { linesInTime } from './shard-lines.ts';

/** Lines are written in chunks: a call for each would take most of the time. */
const chunkLines = 2000;

/** Merges the shards into a new run folder in `out` and returns it. Memory does not grow with the length of the runs. */
export async function mergeShards(
  dirs: readonly string[],
  out: string,
  environment: NodeJS.ProcessEnv = {},
): Promise<string> {
  const runs = await Promise.all(dirs.map(async (dir) => recoverRun(readRun(dir), readLines(dir))));
  const name = `${runs[0]?.name ?? runs[0]?.profile.name ?? 'run'}-merged`;
  const id = runId(new Date(runs[0]?.startedAt ?? 0), name);
  const merged = mergeRuns(await alignCuts(runs, dirs), id);
  const folder = createRunFolder(out, id);
  folder.close();
  try {
    mergeSeconds(dirs, join(folder.dir, 'seconds.jsonl'));
    folder.writeRun(merged);
    await observeRun(folder.dir, merged, { hostOnly: true, environment });
  } catch (error) {
    // Leaves no partial run behind.
    rmSync(folder.dir, { recursive: true, force: true });
    throw error;
  }
  return folder.dir;
}

/** Merges the lines by time, as one harness would have written them: generators are renumbered, and each stage begins once. */
function mergeSeconds(dirs: readonly string[], file: string): void {
  const numbers = new Map<string, number>();
  const begun = new Set<string>();
  let chunk: string[] = [];
  const flush = (): void => {
    if (chunk.length > 0) appendLines(file, chunk);
    chunk = [];
  };
  for (const { shard, text } of linesInTime(dirs)) {
    // Only the start of a line is read: parsing all of it would take most of the time.
    const [, head = '', stage = '', generator] =
      /^(\{"kind":"[\w-]+","stage":(\d+))(?:,"generator":(\d+))?/.exec(text) ?? [];
    if (generator !== undefined) {
      const key = `${shard} ${generator}`;
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      chunk.push(`${head},"generator":${number}${text.slice(`${head},"generator":${generator}`.length)}`);
    } else if (head.startsWith('{"kind":"stage"')) {
      if (!begun.has(stage)) chunk.push(text);
      begun.add(stage);
    } else {
      chunk.push(text);
    }
    if (chunk.length >= chunkLines) flush();
  }
  flush();
}

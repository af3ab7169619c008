// `headroom report --merge`: the run folders of shards as one.
import { appendFileSync, createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { mergeRuns } from '../model/merge-runs.ts';
import { recoverRun } from '../model/recover.ts';
import { createRunFolder, readLines, readRun } from '../model/run-folder.ts';
import { observeRun } from './observe-run.ts';
import { runId } from './run-id.ts';

/** Lines are gathered before they are written: a call for each costs more than everything else. */
const chunkLines = 2000;

/** Merges the shards into a new run folder in `out` and returns it. Memory does not grow with the length of the runs. */
export async function mergeShards(dirs: readonly string[], out: string): Promise<string> {
  const runs = await Promise.all(dirs.map(async (dir) => recoverRun(readRun(dir), readLines(dir))));
  const name = `${runs[0]?.name ?? runs[0]?.profile.name ?? 'run'}-merged`;
  const id = runId(new Date(runs[0]?.startedAt ?? 0), name);
  const merged = mergeRuns(runs, id);
  const folder = createRunFolder(out, id);
  folder.close();
  await mergeSeconds(dirs, join(folder.dir, 'seconds.jsonl'));
  folder.writeRun(merged);
  await observeRun(folder.dir, merged, { hostOnly: true });
  return folder.dir;
}

/** Puts the lines behind each other; generators get new numbers, and a stage begins once. */
async function mergeSeconds(dirs: readonly string[], file: string): Promise<void> {
  const numbers = new Map<string, number>();
  const begun = new Set<string>();
  let chunk: string[] = [];
  const flush = (): void => {
    if (chunk.length > 0) appendFileSync(file, `${chunk.join('\n')}\n`);
    chunk = [];
  };
  for (const [shard, dir] of dirs.entries()) {
    for await (const line of createInterface({ input: createReadStream(join(dir, 'seconds.jsonl')) })) {
      // The begin of a line is enough: parsing what is only copied would take most of the time.
      const [, head = '', stage = '', generator] =
        /^(\{"kind":"[\w-]+","stage":(\d+))(?:,"generator":(\d+))?/.exec(line) ?? [];
      if (generator !== undefined) {
        const key = `${shard} ${generator}`;
        const number = numbers.get(key) ?? numbers.size;
        numbers.set(key, number);
        chunk.push(`${head},"generator":${number}${line.slice(`${head},"generator":${generator}`.length)}`);
      } else if (head.startsWith('{"kind":"stage"')) {
        if (!begun.has(stage)) chunk.push(line);
        begun.add(stage);
      } else if (line.endsWith('}')) {
        chunk.push(line);
      }
      if (chunk.length >= chunkLines) flush();
    }
  }
  flush();
}

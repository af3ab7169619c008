// The lines of several shards' seconds.jsonl in order of time, neither parsed nor kept in memory.
import { closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { UserError } from '../../model/user-error.ts';

type ShardLine = { readonly shard: number; readonly text: string };

const chunkBytes = 1 << 17;
const timePattern = /"(?:at|startedAt|finishedAt)":"([^"]+)"/;

/**
 * Merges by the time in each line; within a shard the order stays. An unfinished last line of a killed harness is skipped; any other
 * invalid line throws a UserError with its file and number.
 */
export function* linesInTime(dirs: readonly string[]): Generator<ShardLine> {
  const sources = dirs.map((dir, shard) => ({ shard, lines: shardLines(dir), text: '', atMs: 0 }));
  type Source = (typeof sources)[number];
  const advance = (source: Source): boolean => {
    const next = source.lines.next();
    if (next.done) return false;
    source.text = next.value;
    const time = Date.parse(timePattern.exec(next.value)?.[1] ?? '');
    if (!Number.isNaN(time)) source.atMs = time;
    return true;
  };
  const live = sources.filter(advance);
  while (live.length > 0) {
    let first = 0;
    for (let index = 1; index < live.length; index++)
      if ((live[index] as Source).atMs < (live[first] as Source).atMs) first = index;
    const source = live[first] as Source;
    yield { shard: source.shard, text: source.text };
    if (!advance(source)) live.splice(first, 1);
  }
}

function* shardLines(dir: string): Generator<string> {
  const path = join(dir, 'seconds.jsonl');
  let number = 0;
  let last: string | undefined;
  const check = (text: string): string => {
    if (text.startsWith('{"kind":"') && text.endsWith('}')) return text;
    throw new UserError(`${path} line ${number} is not JSON`);
  };
  for (const text of textLines(path)) {
    if (last !== undefined) yield check(last);
    number++;
    last = text;
  }
  if (last !== undefined && isWhole(last)) yield check(last);
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Synchronous: a promise for each line of a hundred shards would take longer than the lines. */
function* textLines(path: string): Generator<string> {
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.alloc(chunkBytes);
    let rest = '';
    for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) {
      const pieces = (rest + decoder.write(buffer.subarray(0, bytes))).split('\n');
      rest = pieces.pop() ?? '';
      yield* pieces;
    }
    if (rest !== '') yield rest;
  } finally {
    closeSync(file);
  }
}

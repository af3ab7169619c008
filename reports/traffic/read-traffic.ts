// A traffic file, whatever it is: told by its first line.
import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseLogLine } from '../../model/access-log/parse-line.ts';
import { UserError } from '../../model/user-error.ts';
import { countLogLines } from './log-traffic.ts';
import type { Traffic } from './traffic.ts';
import { trafficFromCsv, trafficFromJson } from './traffic-table.ts';

/** An access log is recognised by a line of its format among the first hundred; else it is JSON when it begins so, else CSV. */
const linesTried = 100;
/** A table of ten years of minutes is smaller. */
const largestTable = 512 * 1024 ** 2;

/** Reads an access log line by line, a table at once. */
export async function readTraffic(file: string): Promise<Traffic> {
  if (!existsSync(file)) throw new UserError(`there is no traffic file ${file}: check the path`);
  if (statSync(file).isDirectory()) throw new UserError(`${file} is a folder: give a traffic file`);
  if (isCompressed(file)) throw new UserError(`${file} is compressed: unpack it first (gunzip --keep ${file})`);
  if (await looksLikeAccessLog(file)) {
    const reader = countLogLines(file);
    for await (const line of linesOf(file)) reader.add(line);
    return reader.finish();
  }
  if (statSync(file).size > largestTable)
    throw new UserError(`${file} is neither an access log nor a table of hours or minutes`);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (!/^\s*[[{]/.test(text)) return trafficFromCsv(file, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not JSON: ${(cause as Error).message.replace(/\s+/g, ' ')}`, { cause });
  }
  return trafficFromJson(file, value);
}

/** By the magic number of gzip (RFC 1952), which rotated logs have. */
function isCompressed(file: string): boolean {
  const handle = openSync(file, 'r');
  try {
    const head = Buffer.alloc(2);
    return readSync(handle, head) === 2 && head.readUInt16BE() === 0x1f8b;
  } finally {
    closeSync(handle);
  }
}

async function looksLikeAccessLog(file: string): Promise<boolean> {
  let tried = 0;
  for await (const line of linesOf(file)) {
    if (parseLogLine(line)) return true;
    if (++tried >= linesTried) return false;
  }
  return false;
}

async function* linesOf(file: string): AsyncGenerator<string> {
  const stream = createReadStream(file);
  try {
    yield* createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  } finally {
    stream.destroy();
  }
}

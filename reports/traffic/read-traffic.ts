// A traffic file of any supported format, recognized by its first lines.
import { closeSync, createReadStream, existsSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { parseLogLine } from '../../model/access-log/parse-line.ts';
import { UserError } from '../../model/user-error.ts';
import { countLogLines } from './log-traffic.ts';
import type { Traffic } from './traffic.ts';
import { trafficFromCsv, trafficFromJson } from './traffic-table.ts';

/** Lines among which one in the format of an access log makes the file one. */
const linesTried = 100;
/** Bytes; ten years of minutes take less. */
const largestTable = 512 * 1024 ** 2;

/** Reads an access log line by line, a table (JSON or CSV) at once. Throws a UserError for a file that cannot be used. */
export async function readTraffic(file: string): Promise<Traffic> {
  if (!existsSync(file)) throw new UserError(`traffic file ${file} does not exist: check the path`);
  if (statSync(file).isDirectory()) throw new UserError(`${file} is a directory: provide a traffic file`);
  if (isCompressed(file)) throw new UserError(`${file} is compressed: decompress it first (gunzip --keep ${file})`);
  if (await looksLikeAccessLog(file)) {
    const reader = countLogLines(file);
    for await (const line of linesOf(file)) reader.add(line);
    return reader.finish();
  }
  if (statSync(file).size > largestTable)
    throw new UserError(`${file} is neither an access log nor a table of hours or minutes (and larger than 512 MiB)`);
  const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
  if (!/^\s*[[{]/.test(text)) return trafficFromCsv(file, text);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not valid JSON: ${(cause as Error).message.replace(/\s+/g, ' ')}`, { cause });
  }
  return trafficFromJson(file, value);
}

/** By the magic number of gzip (RFC 1952): rotated logs are often compressed. */
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

// Lines of access logs -> the requests that a replay sends, with the moment of each.
import type { LogLine } from '../../model/access-log/log-line.ts';
import type { ReplayRecord } from '../../model/replay-record.ts';
import { UserError } from '../../model/user-error.ts';
import { columnOf } from './column.ts';
import { notInLog } from './expected-status.ts';
import { readRequest } from './log-request.ts';
import { createMoments } from './moments.ts';
import { createPathPatterns } from './path-patterns.ts';
import { type PackedRequests, pathAt, RequestTable } from './request-table.ts';
import { type Range, type RangeMs, resolveRange } from './time-range.ts';

/** Rows of a report; the other patterns share one. */
const mostPatterns = 40;
const otherPaths = 'other paths';
/** Request lines that are kept as text while a log is read. */
const mostKnown = 50_000;
/** Requests of one line, as syslog writes when the same comes again. */
const mostRepeats = 100_000;
/** Of a name in a report. */
const longestName = 80;

/** The requests of a log, in its order. */
export type Recording = {
  readonly requests: PackedRequests;
  /** Of each request of the table: the number of its name. */
  readonly nameOf: Uint8Array;
  /** Method and path pattern, the one with the most requests first. */
  readonly names: readonly string[];
  /** Of each line: when, in milliseconds since 1970, and which request of the table. */
  readonly atMs: Float64Array;
  readonly request: Uint32Array;
  readonly counts: RecordingCounts;
};

type RecordingCounts = Omit<ReplayRecord['requests'], 'unreadable' | 'asked' | 'kept'>;

/** Takes the lines of all files one after the other; memory grows by 12 bytes a line and with the different requests. */
export function createRecorder(options: { readonly methods: ReadonlySet<string>; readonly range: Range }) {
  const table = new RequestTable();
  const patterns = createPathPatterns();
  const nodes = columnOf(Uint32Array);
  const sent = columnOf(Uint32Array);
  const known = createKnownLines();
  const moments = createMoments(options.range);
  const others = new Map<string, number>();
  let range: RangeMs | undefined;
  const counts = { inLog: 0, outside: 0, malformed: 0, tooLong: 0, withoutStatus: 0 };

  const send = (line: LogLine, number: number): void => {
    moments.keep(line);
    sent.push(number);
    if (line.status === undefined) counts.withoutStatus++;
  };
  const record = (logLine: LogLine): void => {
    const { request: line = '', status = notInLog } = logLine;
    const same = known.find(status, line);
    if (same !== undefined) {
      send(logLine, same);
      return;
    }
    const found = readRequest(line);
    if (found === 'malformed') counts.malformed++;
    else if (found === 'too-long') counts.tooLong++;
    else if (!options.methods.has(found.method)) others.set(found.method, (others.get(found.method) ?? 0) + 1);
    else {
      const number = table.add(found.method, found.path, status);
      if (number === nodes.length) nodes.push(patterns.add(found.path));
      send(logLine, number);
      known.add(status, line, number);
    }
  };
  return {
    add(line: LogLine): void {
      range ??= resolveRange(options.range, line);
      const times = timesOf(line);
      counts.inLog += times;
      moments.watch(line);
      if (line.atMs < range.fromMs || line.atMs >= range.toMs) counts.outside += times;
      else for (let time = 0; time < times; time++) record(line);
    },
    finish(): Recording {
      const requests = table.pack();
      const request = sent.values();
      const otherMethods = Object.fromEntries([...others].sort(([, a], [, b]) => b - a));
      return {
        requests,
        ...nameRequests(requests, nodes.values(), request, patterns),
        atMs: moments.values(),
        request,
        counts: { ...counts, otherMethods, ...moments.counts() },
      };
    },
  };
}

/** How many requests a line stands for. Throws a UserError where their times cannot be known. */
function timesOf({ requests = 1, isSum }: LogLine): number {
  if (!isSum && requests <= mostRepeats) return requests;
  throw new UserError(
    `the log has a line for ${requests} requests: a replay needs the time of each. Give the log itself, without counts`,
  );
}

/** Request lines by their status, so that most are read once. */
function createKnownLines() {
  const known = new Map<number, Map<string, number>>();
  let lines = 0;
  return {
    find: (status: number, line: string): number | undefined => known.get(status)?.get(line),
    add(status: number, line: string, number: number): void {
      if (lines >= mostKnown) return;
      lines++;
      const ofStatus = known.get(status) ?? new Map<string, number>();
      known.set(status, ofStatus);
      // A copy: the slice of a line would keep the whole piece of the file in memory.
      ofStatus.set(Buffer.from(line).toString(), number);
    },
  };
}

function nameRequests(
  requests: PackedRequests,
  nodes: Uint32Array,
  sent: Uint32Array,
  patterns: ReturnType<typeof createPathPatterns>,
): Pick<Recording, 'names' | 'nameOf'> {
  const times = new Uint32Array(nodes.length);
  for (const request of sent) times[request] = (times[request] as number) + 1;
  for (const [request, node] of nodes.entries()) patterns.count(node, times[request] as number);
  const ofPattern = new Map<string, number>();
  const patternOf = new Map<number, string>();
  const nameAt = (request: number): string => {
    const node = nodes[request] as number;
    const pattern = patternOf.get(node) ?? patterns.pattern(node);
    patternOf.set(node, pattern);
    const name = `${requests.methods[requests.method[request] as number]} ${pattern}`;
    return name.length > longestName ? `${name.slice(0, longestName - 3)}...` : name;
  };
  for (let request = 0; request < nodes.length; request++) {
    const name = nameAt(request);
    ofPattern.set(name, (ofPattern.get(name) ?? 0) + (times[request] as number));
  }
  const sorted = [...ofPattern].sort(([, a], [, b]) => b - a).map(([name]) => name);
  const names = sorted.length > mostPatterns ? [...sorted.slice(0, mostPatterns - 1), otherPaths] : sorted;
  const numbers = new Map(names.map((name, number) => [name, number]));
  const nameOf = Uint8Array.from({ length: nodes.length }, (_, request) => {
    return numbers.get(nameAt(request)) ?? names.length - 1;
  });
  return { names, nameOf };
}

/** A request as it stands in the log, for a check before the load. */
export function requestAt({ requests }: Pick<Recording, 'requests'>, request: number) {
  return {
    method: requests.methods[requests.method[request] as number] as string,
    path: pathAt(requests, request),
    status: requests.status[request] as number,
  };
}

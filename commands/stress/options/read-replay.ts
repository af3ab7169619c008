// --replay: access logs -> the requests to send and their moments.

import { createRecorder, type Recording } from '../../../loadtest/replay/recorder.ts';
import { type Schedule, scheduleReplay } from '../../../loadtest/replay/schedule.ts';
import { checkRange, type Range } from '../../../loadtest/replay/time-range.ts';
import { readWholeFile } from '../../../loadtest/walks/whole-file.ts';
import { excerpt, unclearDates } from '../../../model/access-log/excerpt.ts';
import { recordsOf } from '../../../model/access-log/json-document.ts';
import { createDecoder, createSplitter } from '../../../model/access-log/lines.ts';
import { createLogParser } from '../../../model/access-log/parse-line.ts';
import { createYearless } from '../../../model/access-log/yearless.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { UserError } from '../../../model/user-error.ts';
import type { InputContext } from '../../cli/context.ts';
import { findInputFiles } from '../../cli/input-files.ts';
import { openInput } from '../../cli/open-input.ts';
import { parseMethods, parseSpeed, type ReplayFlags } from '../flags/replay-flags.ts';
import { forShortener } from './replay-shortener.ts';

/** What a replay sends. */
export type Replay = {
  readonly recording: Recording;
  readonly schedule: Schedule;
  readonly bodies: Readonly<Record<string, string>>;
  readonly record: NonNullable<RunRecord['replay']>;
};

type Flags = ReplayFlags & { readonly logFormat?: string | undefined; readonly seed: number };

/** Reads the logs of --replay, each once. `isOwn`: the target is the shortener that headroom starts. Throws a UserError for logs without a request to send. */
export async function readReplay(
  argv: Flags & { readonly replay: readonly string[] },
  { isOwn, urlsFile, ...inputs }: InputContext & { readonly isOwn: boolean; readonly urlsFile: string },
): Promise<Replay> {
  const { speed, keep } = parseSpeed(argv);
  const { methods, bodies } = parseMethods(argv.replayMethods, readBody);
  const range = { from: argv.from, to: argv.to };
  checkRange(range);
  const files = findInputFiles(argv.replay, 'access log');
  const { recording: asked, ...read } = await readLogs(files, inputs, { methods, range, format: argv.logFormat });
  checkAnyToSend(files, asked, range);
  const { recording, replaced } = isOwn ? forShortener(asked, urlsFile) : { recording: asked, replaced: undefined };
  const schedule = scheduleReplay(recording, { speed, keep, seed: argv.seed });
  if (schedule.request.length === 0)
    throw new UserError(
      `of the ${asked.request.length} requests of the log none was kept: at --speed ${speed} each is kept with the chance 1/${speed}. Give a lower --speed and --credit-clock`,
    );
  return {
    recording,
    schedule,
    bodies,
    record: {
      files: [...files],
      formats: read.formats,
      from: new Date(schedule.fromMs).toISOString(),
      to: new Date(schedule.toMs).toISOString(),
      speed,
      keep,
      requests: { ...asked.counts, unreadable: read.unreadable, asked: schedule.asked, kept: schedule.request.length },
      ...(replaced !== undefined && { replaced }),
      routes: countByName(recording, schedule),
    },
  };
}

const howToDescribe = "Describe the log with --log-format 'nginx format string'";
/** Characters of a JSON document, which is read whole. */
const largestDocument = 64 * 1024 ** 2;
/** Before the first request; longer input may have no end. */
const mostLines = 1_000_000;

/** So many lines without a request, and none of JSON, or so long a document. */
function isNoLog(document: string, lines: number): boolean {
  return document.length > largestDocument || (lines > mostLines && !/^\s*[[{]/.test(document));
}

function readBody(file: string): string {
  try {
    return readWholeFile(file).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    throw new UserError(`--replay-methods: ${file} cannot be read (${(cause as NodeJS.ErrnoException).code})`, {
      cause,
    });
  }
}

async function readLogs(
  files: readonly string[],
  inputs: InputContext,
  options: { readonly methods: ReadonlySet<string>; readonly range: Range; readonly format: string | undefined },
) {
  const recorder = createRecorder(options);
  const formats = new Set<string>();
  let [lines, requests, unreadable] = [0, 0, 0];
  let [first, why]: [string | undefined, string] = [undefined, ''];
  const firstUnread = (): string => (first ? `, the first is ${first}` : '');
  const nowMs = Date.now();
  const yearless = createYearless(nowMs);
  for (const file of files) {
    const parse = createLogParser({ nowMs, yearless, format: options.format });
    const decoder = createDecoder();
    let [isLog, document] = [false, ''];
    const unreadableBefore = unreadable;
    const splitter = createSplitter((line) => {
      lines++;
      const parsed = parse(line);
      if (!('unread' in parsed)) {
        isLog = true;
        requests++;
        formats.add(parsed.format);
        recorder.add(parsed);
      } else if (parsed.unread !== 'other') {
        unreadable++;
        if (first === undefined) why = parsed.unread;
        first ??= `line ${lines} of ${file}: ${excerpt(line.replace(/\?[^\s"]*/g, '?...'))}`;
      }
    });
    const take = (text: string): void => {
      if (!isLog) document += text;
      splitter.add(text);
      if (!isLog && isNoLog(document, lines))
        throw new UserError(
          `${file}: none of its first ${lines} lines could be read as a request${firstUnread()}. ${howToDescribe}`,
        );
    };
    for await (const bytes of openInput(file, inputs)) take(decoder.add(bytes));
    take(decoder.end());
    splitter.end();
    const records = isLog ? undefined : recordsOf(document);
    if (records) unreadable = unreadableBefore;
    for (const record of records ?? []) splitter.add(`${JSON.stringify(record)}\n`);
  }
  if (lines === 0) throw new UserError(`${files.join(', ')} is empty: give a log with requests`);
  if (requests === 0) {
    const reason = unclearDates(why, first ?? '') ?? `could be read as a request${firstUnread()}. ${howToDescribe}`;
    throw new UserError(`${files.join(', ')}: none of ${lines} lines ${reason}`);
  }
  return { recording: recorder.finish(), formats: [...formats].sort(), unreadable };
}

/** Throws a UserError that says why there is nothing to send. */
function checkAnyToSend(files: readonly string[], { request, counts }: Recording, { from, to }: Range): void {
  if (request.length > 0) return;
  const name = files.join(', ');
  const { inLog, outside, otherMethods, malformed } = counts;
  if (outside === inLog) {
    const range = [from === undefined ? '' : `--from ${from}`, to === undefined ? '' : `--to ${to}`].join(' ').trim();
    throw new UserError(`${name}: none of its ${inLog} requests is within ${range}. Give a time of the log`);
  }
  const others = Object.entries(otherMethods);
  if (others.length > 0) {
    const [most = ''] = others[0] ?? [];
    throw new UserError(
      `${name} has no GET and no HEAD: its requests are ${others.map(([each, times]) => `${each} (${times})`).join(', ')}. Send them with --replay-methods, like --replay-methods '${most}=BODY'`,
    );
  }
  throw new UserError(
    `${name}: none of its ${inLog} requests has a path${malformed > 0 ? '' : ' to send'}. Give a log with the request line`,
  );
}

function countByName({ names, nameOf, request: all }: Recording, { request: kept }: Schedule) {
  const asked = names.map(() => 0);
  const sent = names.map(() => 0);
  for (const each of all) (asked[nameOf[each] as number] as number)++;
  for (const each of kept) (sent[nameOf[each] as number] as number)++;
  return names.map((name, number) => ({ name, asked: asked[number] as number, kept: sent[number] as number }));
}

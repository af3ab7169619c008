// JSON lines that are like one before them, without parsing them.
import { type Fields, type FlatRecord, placesOf, recordOf } from './flat-record.ts';
import type { LogLine } from './log-line.ts';
import { layoutOf, type RecordLayout, valuesIn } from './record-layout.ts';
import {
  caddyErrors,
  loggerNames,
  messageNames,
  momentOf,
  requestAt,
  sentText,
  statusNames,
  statusOf,
  textOf,
  timeNames,
  usedNames,
} from './record-request.ts';

/** Layouts that are tried, and lines that one is made of: a log whose lines are all different is parsed. */
const [mostLayouts, mostLearned] = [4, 200];
type Known = { readonly layout: RecordLayout; readonly wanted: ReadonlySet<number> };

/** Returns a reader of JSON lines that are like one which readFields has read: `learn` it, and `read` those behind it. */
export function createAlikeReader() {
  const known: Known[] = [];
  let learned = 0;
  return {
    /** As readFields reads it; undefined for a line that it has to look at. */
    read(line: string): LogLine | undefined {
      for (const { layout, wanted } of known) {
        const values = valuesIn(line, layout, wanted);
        if (values) return readPlain(recordOf(layout.plan, values));
      }
      return undefined;
    },
    /** `found` is what was read there. */
    learn(line: string, { format, source, isPerhapsSent, isYearAssumed }: LogLine): void {
      if (format !== 'json' || source !== undefined || isPerhapsSent || isYearAssumed || !line.startsWith('{')) return;
      if (++learned > mostLearned || !line.endsWith('}')) return;
      const layout = layoutOf(line, JSON.parse(line) as Fields);
      if (!layout) return;
      const wanted = new Set(usedNames.flatMap((names) => placesOf(layout.plan, names)));
      known.unshift({ layout, wanted });
      known.splice(mostLayouts);
    },
  };
}

/** What readFields does with a record that has all that a request has. */
function readPlain(record: FlatRecord): LogLine | undefined {
  const moment = record.find(timeNames, momentOf);
  const status = record.find(statusNames, statusOf);
  const request = requestAt(record, undefined);
  if (typeof moment !== 'object' || status === undefined || request === undefined) return undefined;
  if (/^\S+ [a-z][a-z0-9+.-]*:\/\//i.test(request)) return undefined;
  if (sentText.test(record.find(messageNames, textOf) ?? '')) return undefined;
  if (caddyErrors.test(record.find(loggerNames, textOf) ?? '')) return undefined;
  return { atMs: moment.atMs, zone: moment.zone, format: 'json', request, status };
}

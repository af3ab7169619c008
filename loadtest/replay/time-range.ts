// --from and --to: the part of a log that is replayed.
import { findMoment } from '../../model/access-log/find-moment.ts';
import type { LogTime } from '../../model/access-log/moment.ts';
import { zoneMinutes } from '../../model/access-log/moment.ts';
import { UserError } from '../../model/user-error.ts';

export type Range = { readonly from?: string | undefined; readonly to?: string | undefined };
/** Milliseconds since 1970; `toMs` is not in it. */
export type RangeMs = { readonly fromMs: number; readonly toMs: number };

const dayLengthMs = 86_400_000;

/**
 * The range in milliseconds. A time without a zone has that of the log's first line, and a clock without a day is of its day. Throws a
 * UserError for what is no time, and for a range that ends before it begins.
 */
export function resolveRange({ from, to }: Range, first: LogTime): RangeMs {
  const fromMs = from === undefined ? Number.NEGATIVE_INFINITY : parseTime('--from', from, first);
  const toMs = to === undefined ? Number.POSITIVE_INFINITY : parseTime('--to', to, first);
  if (fromMs >= toMs) throw new UserError(`--from ${from} is not before --to ${to}: swap them`);
  return { fromMs, toMs };
}

/** Throws a UserError for what is no time, before a log is read. */
export function checkRange({ from, to }: Range): void {
  resolveRange({ from }, { atMs: 0, zone: 'Z' });
  resolveRange({ to }, { atMs: 0, zone: 'Z' });
}

function parseTime(flag: string, text: string, first: LogTime): number {
  const offsetMs = zoneMinutes(first.zone) * 60_000;
  const [, hour, minute, second = '0'] = /^(\d\d?):(\d\d)(?::(\d\d))?$/.exec(text.trim()) ?? [];
  if (hour !== undefined && Number(hour) < 25 && Number(minute) < 60 && Number(second) < 60) {
    const dayMs = Math.floor((first.atMs + offsetMs) / dayLengthMs) * dayLengthMs - offsetMs;
    return dayMs + ((Number(hour) * 60 + Number(minute)) * 60 + Number(second)) * 1000;
  }
  const found = findMoment(/^\d{4}-\d\d-\d\d$/.test(text.trim()) ? `${text.trim()} 00:00` : text);
  if (found && found !== 'impossible') return found.zone === 'none' ? found.atMs - offsetMs : found.atMs;
  throw new UserError(
    `${flag} ${text} is not a time: write it like 14:30 (of the log's first day), 2026-03-12T14:30 (in the log's zone) or 2026-03-12T14:30:00Z`,
  );
}

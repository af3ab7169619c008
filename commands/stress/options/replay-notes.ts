// What is said of a log before it is replayed, and what stands in the record as a warning.
import type { Finding } from '../../../model/finding.ts';
import { commandFinding } from '../../messages.ts';
import type { Replay } from './read-replay.ts';
import type { StressOptions } from './stress-options.ts';

/** One line: what was read, and what will be sent. */
export function describeReplay({ record, schedule }: Replay): string {
  const { from, to, requests, files, formats } = record;
  const { text } = commandFinding('replay-read', {
    files,
    formats,
    from,
    to,
    asked: requests.asked,
    kept: requests.kept,
    durationS: schedule.durationS,
  });
  return text;
}

/** Requests that are not sent as the log has them. */
export function findReplayNotes(
  { record }: Replay,
  { emulation, seed }: Pick<StressOptions, 'emulation' | 'seed'>,
): Finding[] {
  const { requests, speed, keep, replaced } = record;
  const { otherMethods, malformed, tooLong, unreadable, asked, kept, withoutStatus = 0 } = requests;
  const notSent = { otherMethods, malformed, tooLong, unreadable };
  const others = Object.keys(otherMethods).length > 0 || malformed + tooLong + unreadable > 0;
  return [
    ...(others ? [commandFinding('replay-left-out', notSent)] : []),
    ...(withoutStatus > 0 ? [commandFinding('replay-without-status', { requests: withoutStatus, asked })] : []),
    ...(replaced ? [commandFinding('replay-replaced', { replaced, asked })] : []),
    ...(keep < 1 ? [commandFinding('replay-thinned', { speed, kept, asked, seed })] : []),
    ...(emulation && speed !== emulation.creditClock
      ? [commandFinding('replay-credits-slower', { speed, creditClock: emulation.creditClock })]
      : []),
  ];
}

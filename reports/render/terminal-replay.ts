// What a terminal shows of a replayed access log.
import { formatLatency, formatNumberOf, formatTime, noData } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';

/** At most four: asked against sent, the moment without credits, answers that differ, the worst time. */
export function replayRows({ replay }: Judged): readonly { readonly name: string; readonly text: string }[] {
  if (!replay) return [];
  const [worst] = replay.worst;
  const [differs] = replay.routes.flatMap(({ name, differing }) => differing.map((each) => ({ name, ...each })));
  const { summary, throttle } = replay;
  return [
    { name: 'replay', text: textOf(summary) },
    ...(throttle ? [{ name: 'throttled', text: textOf(throttle) }] : []),
    ...(differs ? [{ name: 'differs', text: describeDiffering(differs) }] : []),
    ...(worst ? [{ name: 'worst', text: describeWorst(worst) }] : []),
  ];
}

type Replay = NonNullable<Judged['replay']>;

function describeDiffering(each: Replay['routes'][number]['differing'][number] & { readonly name: string }): string {
  const now = `${each.status}${each.inLog === 0 ? '' : ` instead of ${each.inLog}`}`;
  return `${each.name} was answered ${now} (${formatNumberOf(each.requests, 'request')})`;
}

function describeWorst({ from, to, errors, p99Us }: Replay['worst'][number]): string {
  const slowest = p99Us === undefined ? noData : formatLatency(p99Us);
  return `${formatTime(from)} to ${formatTime(to)}: ${formatNumberOf(errors, 'error')}, p99 of its slowest second ${slowest}`;
}

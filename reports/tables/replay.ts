// Tables of a replayed access log.
import { formatCount, formatLatency, formatRate, formatTime } from '../format/format.ts';
import { textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';
import { list, number, type Table, tableOf, text } from './table.ts';

/** Statuses of a row. */
const mostStatuses = 4;

type Replay = NonNullable<Judged['replay']>;

/** Asked against sent, by method and path pattern. */
export function replayTable({ replay }: Judged): Table {
  const { routes = [], summary, throttle } = replay ?? {};
  const isThinned = routes.some(({ asked, kept }) => asked !== kept);
  return tableOf<Replay['routes'][number]>(
    routes,
    [
      text('Requests', ({ name }) => ({ text: name, kind: 'code' })),
      number('In the log', ({ asked }) => asked, formatCount),
      ...(isThinned ? [number('Kept', ({ kept }: Replay['routes'][number]) => kept, formatCount)] : []),
      number('As in the log', ({ ok }) => ok, formatCount),
      number('Otherwise', ({ failed }) => failed, formatCount),
      text('Status in the log, and now', ({ differing }) =>
        list(
          differing
            .slice(0, mostStatuses)
            .map(
              ({ inLog, status, requests }) => `${inLog === 0 ? 'none' : inLog}, ${status}: ${formatCount(requests)}`,
            ),
        ),
      ),
      number('p99', ({ p99Us }) => p99Us, formatLatency),
    ],
    {
      caption: 'The log and its replay',
      empty: 'No access log was replayed.',
      notes: [summary, throttle].flatMap((each) => (each ? [`${textOf(each)}.`] : [])),
    },
  );
}

/** Where the day hurt. */
export function worstTable({ replay }: Judged): Table {
  const worst = replay?.worst ?? [];
  const hasCredits = worst.some(({ credits }) => credits !== undefined);
  return tableOf<Replay['worst'][number]>(
    worst,
    [
      text('Time of the log', ({ from, to }) => `${formatTime(from)} to ${formatTime(to)}`),
      number('Sent', ({ sentPerS }) => sentPerS, formatRate),
      number('Errors', ({ errors }) => errors, formatCount),
      number('p99 of its slowest second', ({ p99Us }) => p99Us, formatLatency),
      ...(hasCredits
        ? [
            number(
              'Lowest credit balance',
              ({ credits }: Replay['worst'][number]) => credits,
              (each) => each.toFixed(1),
            ),
          ]
        : []),
    ],
    { caption: 'Where the day hurt', empty: 'No part of the log was worse than the others.' },
  );
}

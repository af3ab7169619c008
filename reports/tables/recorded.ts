// The types of a record side by side, and every cheaper type.
import { formatHours, formatNumber, formatUsd } from '../format/format.ts';
import { priceNote } from '../messages/price-basis.ts';
import { formatRange, minute } from '../messages/recorded.ts';
import { recordVerdicts } from '../messages/recorded-text.ts';
import type { RecordedInstance } from '../recorded/judge-type.ts';
import type { WhatIf } from '../recorded/record-page.ts';
import { type Cell, list, number, type Table, tableOf, text } from './table.ts';

/** Verdict and figures of the types that were asked about. */
export function recordTable(instances: readonly RecordedInstance[]): Table {
  return tableOf<RecordedInstance>(
    instances,
    [
      text('Type', ({ instanceType, mode }) => (mode === undefined ? instanceType : `${instanceType}, ${mode}`)),
      text('Verdict', ({ verdict }) => verdictCell(verdict)),
      number('$ a month', ({ usdPerMonth }) => usdPerMonth, formatUsd),
      text('Lowest credits', ({ lowestCredits, lowestAt }) =>
        lowestCredits === undefined
          ? list(['-'])
          : { ...list([lowestCredits.toFixed(1)]), detail: minute(lowestAt ?? '') },
      ),
      text('Throttled, work lost', throttledCell),
      text('Throttled, work waits', ({ mode, throttledHoursIfWorkWaits }) =>
        throttled(mode, throttledHoursIfWorkWaits),
      ),
      text('Above all vCPUs', aboveCell),
      number(
        'Unserved',
        ({ unservedVcpuHours }) => unservedVcpuHours,
        (hours) => `${formatNumber(hours)} vCPU-h`,
      ),
    ],
    { caption: 'Instance types', empty: 'No instance type was judged.', notes: [priceNote] },
  );
}

function verdictCell(verdict: RecordedInstance['verdict']): Cell {
  const kind = ({ fits: 'pass', 'does-not-fit': 'fail', inconclusive: 'no-data' } as const)[verdict];
  return { text: recordVerdicts[verdict], kind };
}

function throttled(mode: RecordedInstance['mode'], hours: number): Cell {
  return list([mode !== 'standard' ? '-' : hours === 0 ? 'never' : formatHours(hours)]);
}

/** With the first moment, or the interval that the vCPU's speed gives. */
function throttledCell({ mode, throttledHours, firstThrottledAt, range }: RecordedInstance): Cell {
  if (mode !== 'standard') return list(['-']);
  const first = firstThrottledAt === undefined ? undefined : `from ${minute(firstThrottledAt)}`;
  const ends =
    range &&
    range.throttledHours[1] > 0 &&
    `${formatHours(range.throttledHours[0])} to ${formatHours(range.throttledHours[1])}`;
  const detail = ends || first;
  return { ...throttled(mode, throttledHours), ...(detail !== undefined && { detail }) };
}

function aboveCell({ aboveAllVcpusHours, aboveAllVcpusHoursRange: range }: RecordedInstance): Cell {
  const detail = range && range[1] > 0 && `by the maxima: ${formatRange(range, formatHours)}`;
  return {
    ...list([aboveAllVcpusHours === 0 ? 'never' : formatHours(aboveAllVcpusHours)]),
    ...(detail && { detail }),
  };
}

/** What each type that costs no more would have made of the record, in both credit modes. */
export function whatIfTable(whatIf: readonly WhatIf[]): Table {
  return tableOf<WhatIf>(
    whatIf,
    [
      text('Type', ({ type }) => type.instanceType),
      number('vCPUs', ({ type }) => type.vcpus, String),
      number(
        'Memory',
        ({ type }) => type.memoryGiB,
        (gib) => `${gib} GiB`,
      ),
      text('Standard mode', ({ standard }) => verdictCell(standard.verdict)),
      text('Throttled', ({ standard }) => throttledCell(standard)),
      number(
        'Lowest credits',
        ({ standard }) => standard.lowestCredits,
        (credits) => credits.toFixed(1),
      ),
      number('$ a month', ({ standard }) => standard.usdPerMonth, formatUsd),
      text('Unlimited mode', ({ unlimited }) => (unlimited ? verdictCell(unlimited.verdict) : list(['-']))),
      number('$ a month, unlimited', ({ unlimited }) => unlimited?.usdPerMonth, formatUsd),
    ],
    {
      caption: 'Types that cost no more',
      empty: 'No cheaper type is in the catalogue.',
      notes: ['T4g needs software for Arm.'],
    },
  );
}

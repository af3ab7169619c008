// Chart: what the app and a system around it need of the memory that each type's guest sees.
import { scaleLinear } from 'd3-scale';
import { byteUnit, formatBytes, formatPercent } from '../format/format.ts';
import type { SizingRecord } from '../schema/sizing-record.ts';
import { type Chart, type Size, widths } from './chart.ts';
import { type Frame, margin, panelTitle } from './panel.ts';
import { element, label, picture, rule, tooltip } from './svg.ts';

type Type = Pick<SizingRecord['types'][number], 'instanceType' | 'memory'>;
type Bar = { readonly instanceType: string } & NonNullable<Type['memory']>;

const mostTypes = 6;
const barHeight = 16;
const rowHeight = 44;
/** AWS Compute Optimizer keeps a fifth of the memory free by default. */
const mostUsed = 0.8;

/** A bar for each type; undefined when memory was not observed. */
export function memoryChart({ types }: { readonly types: readonly Type[] }, id = 'memory'): Chart | undefined {
  const known = types.flatMap(({ instanceType, memory }): Bar[] => (memory ? [{ instanceType, ...memory }] : []));
  const bars = known.slice(0, mostTypes);
  if (bars.length === 0) return undefined;
  const title = 'Memory needed';
  const description = `Of the memory that the guest of each type sees: ${bars.map(describe).join('; ')}.`;
  const draw = (size: Size) => drawBars(bars, { id: `${id}-${size}`, title, description, size });
  return {
    id,
    title,
    description,
    wide: draw('wide'),
    narrow: draw('narrow'),
    table: {
      columns: ['Type', 'Needed', 'The guest sees', 'Share'],
      rows: bars.map(({ instanceType, neededBytes, guestBytes }) => [
        instanceType,
        formatBytes(neededBytes),
        formatBytes(guestBytes),
        formatPercent((100 * neededBytes) / guestBytes),
      ]),
    },
    notes: [
      'The most that was in use and, beside an app alone, what a system takes. Behind the line less than a fifth is left.',
      ...(known.length > bars.length ? [`${bars.length} of ${known.length} types are drawn.`] : []),
    ],
  };
}

function isLacking({ neededBytes, guestBytes }: Bar): boolean {
  return neededBytes > guestBytes;
}

function describe({ instanceType, neededBytes, guestBytes }: Bar): string {
  return `${instanceType} ${formatBytes(neededBytes)} of ${formatBytes(guestBytes)}`;
}

function drawBars(
  bars: readonly Bar[],
  options: { readonly id: string; readonly title: string; readonly description: string; readonly size: Size },
): string {
  const width = options.size === 'wide' ? widths.wide / 2 - 10 : widths.narrow;
  const top = margin.title + 8;
  const frame: Frame = { left: 4, right: width - margin.right, top, bottom: top + bars.length * rowHeight };
  const most = Math.max(...bars.flatMap(({ neededBytes, guestBytes }) => [neededBytes, guestBytes]));
  const unit = byteUnit(most);
  const x = scaleLinear([0, most / unit.size], [frame.left, frame.right]);
  const at = (bytes: number) => x(bytes / unit.size);
  const keys = [
    { className: 'needed', name: 'needed', shape: 'area' as const },
    { className: 'guest', name: 'the guest sees', shape: 'area' as const },
    ...(bars.some(isLacking) ? [{ className: 'lacking', name: 'more than it has', shape: 'area' as const }] : []),
  ];
  const ticks = x.ticks(4).map((tick) => {
    const line = rule(x(tick), frame.top, x(tick), frame.bottom, tick === 0 ? 'axis-line' : 'grid');
    const anchor = tick === 0 ? 'start' : x(tick) > frame.right - 24 ? 'end' : 'middle';
    return line + label(`${tick} ${unit.name}`, { x: x(tick), y: frame.bottom + 17 }, 'axis', anchor);
  });
  const rows = bars.map((bar, index) => {
    const y = frame.top + index * rowHeight + 20;
    const rect = (from: number, to: number, className: string) =>
      element('rect', {
        x: at(from),
        y,
        width: at(to) - at(from),
        height: barHeight,
        class: `area ${className}`,
      });
    const limit = at(mostUsed * bar.guestBytes);
    const text = `${describe(bar)} (${formatPercent((100 * bar.neededBytes) / bar.guestBytes)})`;
    return (
      label(text, { x: frame.left + 4, y: y - 5 }, 'key') +
      element(
        'g',
        {},
        tooltip(text),
        rect(0, bar.guestBytes, 'guest'),
        rect(0, Math.min(bar.neededBytes, bar.guestBytes), 'needed'),
        ...(isLacking(bar) ? [rect(bar.guestBytes, bar.neededBytes, 'lacking')] : []),
      ) +
      rule(limit, y - 3, limit, y + barHeight + 3, 'limit')
    );
  });
  return picture(
    { ...options, width, height: frame.bottom + 24, className: `chart-${options.size}` },
    panelTitle(frame, '', keys),
    ...ticks,
    ...rows,
  );
}

// Stages of load as bands behind the plots of a chart, with their names above.
import type { ScaleContinuousNumeric } from 'd3-scale';
import { formatArrivalRate, formatCount, formatNumberOf } from '../../format/format.ts';
import type { Timeline } from '../../series/timeline.ts';
import type { Frame } from './panel.ts';
import { element, label, tooltip } from './svg.ts';

type Stage = Timeline['stages'][number];
export type Band = Pick<Stage, 'name' | 'connections' | 'arrivalRatePerS'> & {
  readonly role?: Stage['role'];
  readonly from: number;
  readonly to: number;
};

/** More bands are too thin to point at. */
const mostBands = 60;
/** Mean width of a character of a band's name. */
const characterWidth = 6.6;
/** Height of the names. */
export const bandHeight = 20;

/** The stages of a run on its time axis. */
export function bandsOf({ stages }: Timeline): readonly Band[] {
  return stages.map(({ fromS, toS, ...stage }) => ({ ...stage, from: fromS, to: toS }));
}

/** Each band with its name, or its connections or rate where only those fit; as one load when the bands are a small part of the axis. */
export function drawBands(bands: readonly Band[], x: ScaleContinuousNumeric<number, number>, plot: Frame): string {
  const at = { x: plot.left, y: plot.top + 13 };
  if (bands.length > mostBands) return label(`${formatCount(bands.length)} stages, not marked`, at, 'band-name');
  const placed = bands.map((band) => place(band, x, plot));
  const named = placed.filter(({ text }) => text !== '');
  // Names over a few of many narrow bands would read as names of all of them.
  const isSmall = widthOf(placed) < (plot.right - plot.left) / 4;
  const isNamed = !isSmall || 2 * widthOf(named) >= widthOf(placed);
  const drawn = placed.map((each, index) => drawBand(each, index, plot, isNamed)).join('');
  const end = x(bands.at(-1)?.to ?? 0);
  if (!isNamed && end + 80 < plot.right) return drawn + label('load', { ...at, x: end + 6 }, 'band-name');
  const isNumbered = isNamed && named.some(({ text, connections }) => text === connections);
  return isNumbered ? drawn + label('conn.', { ...at, x: 0 }, 'band-name') : drawn;
}

type Placed = Omit<Band, 'connections'> & {
  readonly left: number;
  readonly width: number;
  readonly connections: string;
  readonly rate: string;
  /** The longest text that fits; empty when none does. */
  readonly text: string;
};

function place(band: Band, x: ScaleContinuousNumeric<number, number>, plot: Frame): Placed {
  const left = x(band.from);
  const width = Math.max(0, Math.min(x(band.to), plot.right) - left);
  const connections = band.connections === undefined ? '' : String(band.connections);
  const rate = band.arrivalRatePerS === undefined ? '' : formatArrivalRate(band.arrivalRatePerS);
  const texts = [band.name, connections, rate];
  const text = texts.find((each) => each !== '' && each.length * characterWidth + 6 <= width) ?? '';
  return { ...band, left, width, connections, rate, text };
}

function widthOf(placed: readonly Placed[]): number {
  return placed.reduce((sum, { width }) => sum + width, 0);
}

function drawBand(band: Placed, index: number, plot: Frame, isNamed: boolean): string {
  const { name, role = '', left, width, connections, rate, text } = band;
  const rect = { x: left, y: plot.top, width };
  return element(
    'g',
    {},
    tooltip(
      [...new Set([name, connections && formatNumberOf(Number(connections), 'connection'), rate])]
        .filter(Boolean)
        .join(': '),
    ),
    element('rect', {
      ...rect,
      height: plot.bottom - plot.top,
      class: `band ${role} ${index % 2 === 0 ? 'even' : 'odd'}`,
    }),
    element('rect', { ...rect, height: bandHeight - 2, class: `band-head ${role}` }),
    text === '' || !isNamed ? '' : label(text, { x: left + width / 2, y: plot.top + 13 }, 'band-name', 'middle'),
  );
}

// A chart: a picture for wide pages, one for narrow pages, one for paper, and the table behind them.
import { noData } from '../../format/format.ts';
import type { Report } from '../../schema/report.ts';

/** Width of the wide picture in CSS pixels: the whole page of 1280, or half of it. */
const widths = { full: 1120, half: 550 } as const;
/** A phone of 375, and half of a sheet of A4. */
const narrowWidth = 340;
/** A sheet of A4 between its margins, so that labels keep their size. */
const paperWidth = 700;

export type Chart = {
  /** Unique on its page. */
  readonly id: string;
  readonly title: string;
  /** One or two sentences for readers who do not see the picture. */
  readonly description: string;
  /** How much of a wide page it takes; full if absent. */
  readonly span?: keyof typeof widths;
  /** SVG; absent when there is nothing to draw. */
  readonly wide?: string;
  readonly narrow?: string;
  /** Of a chart as wide as the page; half of a page is as wide as a phone. */
  readonly paper?: string;
  /** Why there is nothing to draw. */
  readonly empty?: string;
  readonly table: ChartTable;
  /** How to read it, or what was left out. */
  readonly notes: readonly string[];
};

export type Picture = 'wide' | 'narrow' | 'paper';

export type ChartTable = { readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** What a picture is drawn on. */
export type Canvas = Pick<Chart, 'id' | 'title' | 'description'> & {
  readonly size: Size;
  readonly width: number;
  readonly className: string;
};
export type Size = 'wide' | 'narrow';

/** A chart as its list holds it; `draw` returns undefined for a record that has nothing to show. */
export type ChartEntry<From, Section extends string> = {
  readonly id: string;
  /** Where on the page it stands. */
  readonly section: Section;
  /** `id` is unique on the page: the gallery shows a chart several times. */
  readonly draw: (from: From, id: string) => Chart | undefined;
};

/** What a chart of a run is drawn from. During a run only the timeline exists, and the live page shows the charts that need no more. */
export type DrawnReport = Pick<Report, 'timeline'> & Partial<Omit<Report, 'timeline'>>;
export type RunChart = ChartEntry<DrawnReport, 'figures' | 'time' | 'build' | 'sizing' | 'load' | 'alarms'>;

/** Draws the pictures, unless the chart is empty. */
export function makeChart(chart: Omit<Chart, Picture>, draw: (canvas: Canvas) => string): Chart {
  if (chart.empty !== undefined) return chart;
  const { id, title, description, span = 'full' } = chart;
  const drawn = (name: Picture, size: Size, width: number, span = '') =>
    draw({ id: `${id}-${name}`, title, description, size, width, className: `chart-${name}${span}` });
  return {
    ...chart,
    wide: drawn('wide', 'wide', widths[span], ` ${span}`),
    narrow: drawn('narrow', 'narrow', narrowWidth),
    ...(span === 'full' && { paper: drawn('paper', 'narrow', paperWidth) }),
  };
}

/** The charts of each section, in the order of the list. */
export function drawSections<From, Section extends string>(
  entries: readonly ChartEntry<From, Section>[],
  from: From,
): Record<Section, readonly Chart[]> {
  const sections = {} as Record<Section, Chart[]>;
  for (const { id, section, draw } of entries) {
    const chart = draw(from, id);
    sections[section] = [...(sections[section] ?? []), ...(chart ? [chart] : [])];
  }
  return sections;
}

/** A value of a chart's table. */
export function shown(value: number | undefined, format: (value: number) => string): string {
  return value === undefined ? noData : format(value);
}

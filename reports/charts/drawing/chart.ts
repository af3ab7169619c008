// A chart: a picture for wide pages, one for narrow pages, and the table behind both.
import { noData } from '../../format/format.ts';
import type { Report } from '../../schema/report.ts';

/** Width of the wide picture in CSS pixels: the whole page of 1280, half of it, or the space beside the key figures. */
const widths = { full: 1120, half: 550, 'beside figures': 790 } as const;
/** A phone of 375. */
const narrowWidth = 340;

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
  /** Why there is nothing to draw. */
  readonly empty?: string;
  readonly table: ChartTable;
  /** How to read it, or what was left out. */
  readonly notes: readonly string[];
};

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

/** Draws both pictures, unless the chart is empty. */
export function makeChart(chart: Omit<Chart, 'wide' | 'narrow'>, draw: (canvas: Canvas) => string): Chart {
  if (chart.empty !== undefined) return chart;
  const { id, title, description, span = 'full' } = chart;
  const canvas = (size: Size, width: number): Canvas => ({
    id: `${id}-${size}`,
    title,
    description,
    size,
    width,
    className: size === 'wide' ? `chart-wide ${span.replace(' ', '-')}` : 'chart-narrow',
  });
  return { ...chart, wide: draw(canvas('wide', widths[span])), narrow: draw(canvas('narrow', narrowWidth)) };
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

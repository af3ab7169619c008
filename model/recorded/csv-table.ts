// The rows of a table with their times, behind its heading lines.
import { UserError } from '../user-error.ts';
import { dateAlone, findTime, timeOf } from './csv-columns.ts';
import { createLines, type Lines, lineOfRow, nextRow, separatorOf } from './csv-lines.ts';
import type { ReadTime } from './point-time.ts';

/** More heading lines than this are not one of the known files. */
const mostHeadings = 60;

export type CsvTable = ReturnType<typeof openTable>;

/** Opens a table at its first row with a time. Throws a UserError for a file without one. */
export function openTable(text: string, file: string, readTime: ReadTime) {
  const lines = createLines(text);
  const separator = separatorOf(text);
  const { headings, first, timePlaces } = readHeadings(lines, file, separator, readTime);
  /** How many rows stood before each heading that comes again. */
  const repeated: number[] = [];
  return {
    text,
    headings,
    first,
    timePlaces,
    where: () => `${file} line ${lines.number()}`,
    /** The line of the file on which a row stands. */
    lineOf: (row: number) => lineOfRow(text, headings.length + row + repeated.filter((each) => each <= row).length),
    each(use: (cells: readonly string[], at: number) => void): void {
      let [before, rows]: [number | undefined, number] = [undefined, 0];
      for (let cells: readonly string[] | undefined = first; cells !== undefined; cells = nextRow(lines, separator)) {
        const stamp = timeOf(cells, timePlaces);
        const at = readTime(stamp, before);
        if (at === undefined) {
          // Files behind each other, or a table for each series.
          if (!headings.some((heading) => heading.join() === cells?.join()))
            throw new UserError(`${file} line ${lines.number()}: "${stamp}" is not a time like 2026-01-31T09:00Z`);
          repeated.push(rows);
          continue;
        }
        before = at;
        rows++;
        use(cells, at);
      }
    },
  };
}

/** The lines before the first that has a time, which is in the first column or in one that is named so. */
function readHeadings(lines: Lines, file: string, separator: string, readTime: ReadTime) {
  const headings: (readonly string[])[] = [];
  for (;;) {
    const cells = nextRow(lines, separator);
    if ((cells === undefined || headings.length > mostHeadings) && headings.some(([cell = '']) => dateAlone.test(cell)))
      throw new UserError(
        `${file} has days without times, whose averages hide the busy hours. Export points of an hour`,
      );
    if (cells === undefined || headings.length > mostHeadings)
      throw new UserError(
        `${file} has no line with a time. headroom reads CloudWatch, Datadog, Prometheus, InfluxDB, sadf, sar -u, metrics pull, and CSV like 2026-01-31T09:00Z,12.5`,
      );
    const timePlaces = findTime(headings.at(-1), cells, readTime);
    if (timePlaces) return { headings, first: cells, timePlaces };
    headings.push(cells);
  }
}

// Every form of the report against what it was when somebody last looked. After a wanted change: npm run golden, and read the diff.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { runCharts } from '../../charts/all.ts';
import { compareTwo } from '../../comparison/compare-runs.ts';
import { makeHistory } from '../../comparison/history.ts';
import { parseMargin } from '../../comparison/margin.ts';
import { renderComparisonMarkdown } from '../../render/comparison-markdown.ts';
import { reportFormats } from '../../render/formats.ts';
import { renderHistoryMarkdown } from '../../render/history-html.ts';
import { renderHtml, reportTables } from '../../render/html.ts';
import { renderComparisonJunit } from '../../render/junit.ts';
import { summarizeReport } from '../../render/terminal.ts';
import { openRun, readReport } from '../../write.ts';
import { comparedRun } from '../compared-run.ts';
import { fixture, situations } from '../fixture.ts';

function expectGolden(name: string, content: string): void {
  // Half of a surrogate pair cannot be stored: a format that shows a name of anybody's cleans it first.
  if (/\p{Cs}/u.test(content))
    throw new Error(`${name} has text that is no valid Unicode: clean it with plainLine, or escape it`);
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  if (!existsSync(path)) throw new Error(`there is no golden file ${name}: run npm run golden and read it`);
  expect(content).toBe(readFileSync(path, 'utf8'));
}

/** Pages are golden as data; the files of data have tests of their own. */
const testedElsewhere = ['index.html', 'report.css', 'report.json', 'seconds.csv'];

describe('golden', () => {
  test.each(situations)('%s in every format that is no page, and as a terminal summary', async (situation) => {
    const run = await openRun(fixture(situation));
    for (const { file, render } of reportFormats)
      if (!testedElsewhere.includes(file)) expectGolden(`${situation}/${file}`, render(run));
    expectGolden(`${situation}/summary.txt`, `${summarizeReport(run.report.judged, { color: false })}\n`);
  });

  test.each(situations)('%s as the data of its charts and tables', async (situation) => {
    const report = await readReport(fixture(situation));
    const charts = runCharts.flatMap(({ id, draw }) => {
      const chart = draw(report, id);
      if (!chart) return [];
      const { wide: _, narrow: __, paper: ___, table, ...data } = chart;
      return [{ ...data, columns: table.columns.join(' | '), rows: table.rows.map((row) => row.join(' | ')) }];
    });
    const tables = Object.entries(reportTables(report)).map(([name, { caption, columns, rows, empty, note }]) => ({
      name,
      caption,
      columns: columns.map((column) => column.name).join(' | '),
      rows: rows.map((row) => row.map(({ text, detail }) => (detail ? `${text} (${detail})` : text)).join(' | ')),
      ...(rows.length === 0 && { empty }),
      ...(note !== undefined && { note }),
    }));
    expectGolden(`${situation}/page.json`, `${JSON.stringify({ charts, tables }, null, 1)}\n`);
  });

  test('a complete run as a page', async () => {
    expectGolden('complete/index.html', renderHtml(await readReport(fixture('complete'))).replace(/></g, '>\n<'));
  });

  test('a comparison as Markdown and JUnit', async () => {
    const [before, after] = [
      await comparedRun({ name: 'before' }),
      await comparedRun({ times: 2, from: 2, name: 'after' }),
    ];
    const comparison = compareTwo(before, after, [parseMargin('latency.p50 +0.1ms'), parseMargin('latency.p99 +1s')]);
    expectGolden('comparison/report.md', renderComparisonMarkdown(comparison));
    expectGolden('comparison/junit.xml', renderComparisonJunit(comparison));
  });

  test('a history as Markdown', async () => {
    const slow = 6;
    const builds = Array.from({ length: 12 }, (_, build) =>
      comparedRun({ name: `build ${build}`, times: (build < slow ? 1 : 1.5) + 0.01 * Math.sin(build) }),
    );
    const history = makeHistory(await Promise.all(builds));
    expectGolden('history/report.md', renderHistoryMarkdown(history));
  });
});

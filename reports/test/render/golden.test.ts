// Every form of the report against what it was when somebody last looked. After a wanted change: npm run golden, and read the diff.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { compareTwo } from '../../comparison/compare-runs.ts';
import { makeHistory } from '../../comparison/history.ts';
import { parseMargin } from '../../comparison/margin.ts';
import { renderComparison } from '../../render/comparison-html.ts';
import { renderComparisonMarkdown } from '../../render/comparison-markdown.ts';
import { renderHistory, renderHistoryMarkdown } from '../../render/history-html.ts';
import { renderHtml } from '../../render/html.ts';
import { renderComparisonJunit, renderJunit } from '../../render/junit.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { renderOpenMetrics } from '../../render/open-metrics.ts';
import { renderTaurus } from '../../render/taurus.ts';
import { summarizeReport } from '../../render/terminal.ts';
import { readReport } from '../../write.ts';
import { comparedRun } from '../compared-run.ts';
import { fixture, situations } from '../fixture.ts';

/** The page is long; these show all of its states. */
const pages = ['complete', 'killed-at-once', 'hostile', 'capacity', 'rebuild'] as const;

function expectGolden(name: string, content: string): void {
  const path = fileURLToPath(new URL(`../golden/${name}`, import.meta.url));
  if (process.env.UPDATE_GOLDEN === '1') {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
  }
  if (!existsSync(path)) throw new Error(`there is no golden file ${name}: run npm run golden and read it`);
  expect(content).toBe(readFileSync(path, 'utf8'));
}

describe('golden', () => {
  test.each(situations)('%s as Markdown, JUnit, Taurus XML, OpenMetrics and terminal summary', async (situation) => {
    const { judged, run } = await readReport(fixture(situation));
    expectGolden(`${situation}/report.md`, renderMarkdown(judged));
    expectGolden(`${situation}/junit.xml`, renderJunit(judged));
    expectGolden(`${situation}/taurus.xml`, renderTaurus(run));
    expectGolden(`${situation}/metrics.txt`, renderOpenMetrics(judged));
    expectGolden(`${situation}/summary.txt`, `${summarizeReport(judged, { color: false })}\n`);
  });

  test.each(pages)('%s as a page', async (situation) => {
    expectGolden(`${situation}/index.html`, renderHtml(await readReport(fixture(situation))).replace(/></g, '>\n<'));
  });

  test('a comparison as a page, Markdown and JUnit', async () => {
    const [before, after] = [
      await comparedRun({ name: 'before' }),
      await comparedRun({ times: 2, from: 2, name: 'after' }),
    ];
    const comparison = compareTwo(before, after, [parseMargin('latency.p50 +0.1ms'), parseMargin('latency.p99 +1s')]);
    expectGolden('comparison/index.html', renderComparison(comparison).replace(/></g, '>\n<'));
    expectGolden('comparison/report.md', renderComparisonMarkdown(comparison));
    expectGolden('comparison/junit.xml', renderComparisonJunit(comparison));
  });

  test('a history as a page and Markdown', async () => {
    const slow = 6;
    const builds = Array.from({ length: 12 }, (_, build) =>
      comparedRun({ name: `build ${build}`, times: (build < slow ? 1 : 1.5) + 0.01 * Math.sin(build) }),
    );
    const history = makeHistory(await Promise.all(builds));
    expectGolden('history/index.html', renderHistory(history).replace(/></g, '>\n<'));
    expectGolden('history/report.md', renderHistoryMarkdown(history));
  });
});

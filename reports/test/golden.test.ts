// Every form of the report against what it was when somebody last looked. After a wanted change: npm run golden, and read the diff.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { renderHtml } from '../html.ts';
import { renderJunit } from '../junit.ts';
import { renderMarkdown } from '../markdown.ts';
import { renderOpenMetrics } from '../open-metrics.ts';
import { summarizeReport } from '../summary.ts';
import { renderTaurus } from '../taurus.ts';
import { readReport } from '../write.ts';
import { fixture, situations } from './fixture.ts';

/** The page is long; these show all of its states. */
const pages = ['complete', 'killed-at-once', 'hostile', 'capacity', 'rebuild'] as const;

function expectGolden(name: string, content: string): void {
  const path = fileURLToPath(new URL(`./golden/${name}`, import.meta.url));
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
});

// Names, URLs and messages that attack the reader come out as text in every form.
import { beforeAll, describe, expect, test } from '@jest/globals';
import { renderHtml } from '../../render/html.ts';
import { renderJunit } from '../../render/junit.ts';
import { renderMarkdown } from '../../render/markdown.ts';
import { md } from '../../render/markdown-text.ts';
import { summarizeReport } from '../../render/terminal.ts';
import type { Report } from '../../schema/report.ts';
import { readReport } from '../../write.ts';
import { fixture } from '../fixture.ts';
import { hostileText } from '../hostile.ts';

let report: Report;
beforeAll(async () => {
  report = await readReport(fixture('hostile'));
});

/** Control characters but line feed, characters that turn the reading direction, line separators, lone surrogates. */
const notText = /[^\P{Cc}\n]|[\u2028\u2029\u202a-\u202e\u2066-\u2069]|\p{Cs}/u;

describe('hostile strings', () => {
  test('reach the renderers at all', () => {
    expect(report.run.target.url).toContain(hostileText);
    expect(report.judged.stages[1]?.name).toContain(hostileText);
  });

  test.each([
    ['page', () => renderHtml(report)],
    ['Markdown', () => renderMarkdown(report)],
    ['JUnit', () => renderJunit(report.judged, report.run)],
    ['summary', () => summarizeReport(report.judged, { color: false })],
  ])('leave nothing in the %s that is not text', (_, render) => {
    expect(render()).not.toMatch(notText);
  });

  test('are text in the page: no script, no style, no event attribute', () => {
    const html = renderHtml(report);
    expect(html).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son\w+=|javascript:/i);
  });

  test('are text in Markdown: no tag, no table cell, no mention', () => {
    const markdown = renderMarkdown(report);
    expect(markdown).not.toMatch(/<(?!\/?(sub|details|summary)>)/);
    expect(markdown).not.toMatch(/@all/);
    const rows = markdown.split('\n').filter((line) => line.startsWith('| 1 connection'));
    expect(rows.map((row) => row.match(/(?<!\\)\|/g)?.length)).toEqual([10]);
  });

  test('a command in Markdown is code that can be copied; beside it nothing is', () => {
    const flags = "--target http://a/b --threshold 'latency.p99 < 1us' --during 'npm run build'";
    expect(md(`To measure one: npm run stress -- ${flags}.`)).toBe(`To measure one: \`npm run stress -- ${flags}\`.`);
    expect(md('Next: npx headroom size runs/a.b --daily 5. See http://x/')).toBe(
      'Next: `npx headroom size runs/a.b --daily 5`. See http:\u200b//x/',
    );
    const odd = ["a: headroom stress --header 'x`<b>`|'", 'headroom stress, @all', 'b: headroom stress `x` @all'];
    for (const text of odd) expect(md(text)).not.toMatch(/(?<!\\)[`|]|<b|@a/);
  });

  test('stay inside their attribute and element in JUnit', () => {
    const xml = renderJunit(report.judged, report.run);
    expect(
      xml.match(/<(?!\/?(testsuites|testsuite|properties|property|testcase|failure|error|system-out)\b|\?xml)/g),
    ).toBeNull();
    for (const tag of xml.match(/<[^>]*>/g) ?? []) expect((tag.match(/"/g) ?? []).length % 2).toBe(0);
  });

  test('cannot make the summary longer than 20 lines', () => {
    expect(summarizeReport(report.judged, { color: false }).split('\n').length).toBeLessThanOrEqual(25);
  });
});

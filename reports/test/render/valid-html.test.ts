// The pages are valid HTML, in every state.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { renderGallery } from '../../../bench/gallery/gallery.ts';
import { compareTwo } from '../../comparison/compare-runs.ts';
import { renderShell } from '../../live/page.ts';
import { renderComparison } from '../../render/comparison-html.ts';
import { renderHtml } from '../../render/html.ts';
import { renderRecordPage } from '../../render/recorded-html.ts';
import { openForComparison, readReport, writeHistory } from '../../write.ts';
import { fixture, situations } from '../fixture.ts';
import { madePage } from '../recorded/made-page.ts';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:recommended'],
    rules: {
      // Text that pug writes on long lines and void elements without a slash are valid; they are only a matter of style.
      'long-title': 'off',
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
    },
  }),
);

async function complaintsAbout(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html);
  const complaints = results.flatMap(({ messages }) =>
    messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
  );
  return [...new Set(complaints)];
}

test.each(situations)('%s', async (situation) => {
  expect(await complaintsAbout(renderHtml(await readReport(fixture(situation))))).toEqual([]);
});

test('a comparison, a history, a record and the live page', async () => {
  const [first, second] = [await openForComparison(fixture('complete')), await openForComparison(fixture('hostile'))];
  const comparison = compareTwo(first, second);
  expect(await complaintsAbout(renderComparison(comparison))).toEqual([]);
  const dir = mkdtempSync(join(tmpdir(), 'headroom-history-'));
  await writeHistory([fixture('complete'), fixture('killed')], dir);
  expect(await complaintsAbout(readFileSync(join(dir, 'index.html'), 'utf8'))).toEqual([]);
  rmSync(dir, { recursive: true });
  expect(await complaintsAbout(renderRecordPage(madePage(3600, 2)))).toEqual([]);
  expect(await complaintsAbout(renderShell('/token/'))).toEqual([]);
});

test('the gallery', async () => expect(await complaintsAbout(await renderGallery())).toEqual([]), 60_000);

test('the validator finds what is wrong', async () => {
  expect(await complaintsAbout('<p style="color: red"><div>')).not.toEqual([]);
});

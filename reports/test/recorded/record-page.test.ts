import { expect, test } from '@jest/globals';
import { HtmlValidate } from 'html-validate';
import { findInstanceType, findInstanceTypes, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { readRecorded } from '../../../model/recorded/read-recorded.ts';
import { makeRecordPage } from '../../recorded/record-page.ts';
import { openRecord, sizeRecord } from '../../recorded/size-record.ts';
import { renderRecordPage } from '../../render/recorded-html.ts';
import { hostileText } from '../hostile.ts';
import { madePage } from './made-page.ts';

const validator = new HtmlValidate({
  root: true,
  extends: ['html-validate:recommended'],
  rules: { 'long-title': 'off', 'no-trailing-whitespace': 'off', 'void-style': 'off' },
});

test('the page is valid HTML, without a script, also for a hostile file name', async () => {
  const html = renderRecordPage(madePage(600, 14, hostileText));
  const { results } = await validator.validateString(html);
  expect(results.flatMap(({ messages }) => messages.map(({ line, message }) => `${line} ${message}`))).toEqual([]);
  expect(html).not.toContain('<script');
});

test('the caveat of the banner stands once, and its flag stays on one line', () => {
  const html = renderRecordPage(madePage(600, 14));
  expect(html.split('Memory is not in this record')).toHaveLength(2);
  expect(html).toContain('add it with <span class="flag">--memory FILE</span>.');
});

test('the page of a year is under 250 KB, and its worst day is one of the record', () => {
  const made = madePage(1800, 365);
  expect(renderRecordPage(made).length).toBeLessThan(250_000);
  expect(Date.parse(made.worstDay.to) - Date.parse(made.worstDay.from)).toBe(86_400_000);
  expect(made.worstDay.types.map(({ curve }) => curve.flat().length)).toEqual([48, 48, 48]);
});

test('every type that costs no more is judged, cheapest first, in both credit modes', () => {
  const { whatIf, sizing } = madePage(600, 14);
  const prices = whatIf.map(({ type }) => type.usdPerHour ?? Number.NaN);
  expect(prices).toEqual([...prices].sort((a, b) => a - b));
  const micro = whatIf.find(({ type }) => type.instanceType === 't2.micro');
  expect(micro?.standard).toMatchObject({ verdict: sizing.instances[1]?.verdict, mode: 'standard' });
  expect(micro?.unlimited).toMatchObject({ mode: 'unlimited', throttledHours: 0 });
});

test('a type has one verdict on the page, however many points the record has', () => {
  // A month of minutes, of which each hundredth is above one vCPU and its neighbours are idle.
  const rows = Array.from({ length: 30 * 1440 }, (_, minute) => {
    const at = new Date(Date.UTC(2026, 0, 5) + 60_000 * minute).toISOString();
    return `${at},${minute % 100 === 0 ? 90 : 2}\n`;
  });
  const files = [readRecorded(`time,cpu %\n${rows.join('')}`, 'cpu.csv')];
  const types = findInstanceTypes('--on', 't2.micro');
  const input = { of: findInstanceType('t2.medium'), types, start: 'launch' } as const;
  const opened = openRecord(files, input);
  const sizing = sizeRecord(files, input, opened);
  const { whatIf } = makeRecordPage(sizing, opened, types, instanceCatalogue);
  const of = (name: string) => whatIf.find(({ type }) => type.instanceType === name)?.standard;
  expect(sizing.instances[0]).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'burst-cpu' });
  expect(of('t2.micro')).toBe(sizing.instances[0]);
  // Judged for the table alone, by the same points.
  expect(of('t2.small')).toMatchObject({ verdict: 'does-not-fit', limitedBy: 'burst-cpu', aboveAllVcpusHours: 7.2 });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { comparisonFolder } from '../../report/comparison-folder.ts';

let run: string;
beforeEach(() => {
  run = mkdtempSync(join(tmpdir(), 'comparison-'));
});
afterEach(() => rmSync(run, { recursive: true }));

function answer(name: string, content: object): void {
  mkdirSync(join(run, name));
  writeFileSync(join(run, name, 'report.json'), JSON.stringify(content));
}
const asked = (id: string, ...margins: string[]) => ({
  baseline: { run: { id } },
  margins: margins.map((expression) => ({ expression, verdict: 'is-not' })),
});

test('the same question has its answer in the same place, another one in a place of its own', () => {
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison'));
  answer('comparison', asked('a'));
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison'));
  expect(comparisonFolder(run, 'b', [])).toBe(join(run, 'comparison-2'));
  expect(comparisonFolder(run, 'a', ['latency.p99 +10ms'])).toBe(join(run, 'comparison-2'));
  answer('comparison-2', asked('a', 'latency.p99 +10ms'));
  expect(comparisonFolder(run, 'a', ['latency.p99 +10ms'])).toBe(join(run, 'comparison-2'));
  expect(comparisonFolder(run, 'a', ['latency.p99 +20ms'])).toBe(join(run, 'comparison-3'));
});

test('what is no comparison is left alone', () => {
  answer('comparison', { other: true });
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison-2'));
  answer('comparison-2', asked('a'));
  writeFileSync(join(run, 'comparison-2', 'report.json'), '{"baseline": {"run');
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison-3'));
  mkdirSync(join(run, 'comparison-3'));
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison-3'));
  writeFileSync(join(run, 'comparison-3', 'notes.txt'), 'mine');
  expect(comparisonFolder(run, 'a', [])).toBe(join(run, 'comparison-4'));
});

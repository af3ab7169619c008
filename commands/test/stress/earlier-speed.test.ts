import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { describeGenerator } from '../../cli/machine.ts';
import { earlierSpeed } from '../../stress/earlier-speed.ts';

let runs: string;
beforeEach(() => {
  runs = mkdtempSync(join(tmpdir(), 'runs-'));
});
afterEach(() => rmSync(runs, { recursive: true }));

const here = describeGenerator(1);

function addRun(id: string, record: object): void {
  mkdirSync(join(runs, id));
  writeFileSync(join(runs, id, 'run.json'), JSON.stringify(record));
}

test('the usual time of the fixed work is a little above the median of what earlier runs found at their fastest', () => {
  for (const [index, fastestMs] of [200, 320, 204].entries())
    addRun(`2026-${index}`, { generator: here, probe: { fastestMs, medianMs: 330, count: 9 } });
  expect(earlierSpeed([runs]).speedCheckMs).toBeCloseTo(1.03 * 204, 6);
});

test('of several folders the fastest counts, since the machine is one', () => {
  const other = join(runs, 'other');
  addRun('2026-1', { generator: here, probe: { fastestMs: 300, medianMs: 310, count: 9 } });
  mkdirSync(other);
  addRun('other/2026-1', { generator: here, probe: { fastestMs: 205, medianMs: 215, count: 9 } });
  expect(earlierSpeed([runs, other]).speedCheckMs).toBeCloseTo(1.03 * 205, 6);
});

test('runs of another machine, of another Node, without speed checks, and records that are cut off say nothing', () => {
  const probe = { fastestMs: 100, medianMs: 100, count: 9 };
  addRun('2026-1', { generator: { ...here, hostname: 'elsewhere' }, probe });
  addRun('2026-2', { generator: { ...here, versions: { ...here.versions, node: '18.0.0' } }, probe });
  addRun('2026-3', { generator: here });
  addRun('2026-4', {});
  writeFileSync(join(runs, '2026-4', 'run.json'), '{"generator":');
  expect(earlierSpeed([runs])).toEqual({});
  expect(earlierSpeed([join(runs, 'none')])).toEqual({});
});

test('the usual time of a SET is the median of the lower quartiles that earlier runs found beside their blocks', () => {
  const blocks = (us: number) => [
    { redisSet: { beforeUs: us, afterUs: us } },
    { redisSet: { beforeUs: us, afterUs: 2 * us } },
  ];
  for (const [index, us] of [8, 14, 9].entries()) {
    const stages = [{}, { blocks: blocks(us) }];
    addRun(`2026-${index}`, { generator: here, vcpuSpeed: { redisSetUs: { value: 1 } }, stages });
  }
  expect(earlierSpeed([runs])).toEqual({ redisSetUs: 9 });
});

test('SETs beside slow speed checks say nothing of what is usual', () => {
  const probe = { fastestMs: 200, medianMs: 330, count: 9 };
  const block = (us: number, ms: number) => ({
    redisSet: { beforeUs: us, afterUs: us },
    probe: { beforeMs: ms, afterMs: ms },
  });
  addRun('2026-1', { generator: here, probe, stages: [{ blocks: [block(14, 350), block(15, 360), block(8.5, 205)] }] });
  addRun('2026-2', { generator: here, probe, stages: [{ blocks: [block(14, 350), block(15, 360)] }] });
  expect(earlierSpeed([runs]).redisSetUs).toBe(8.5);
});

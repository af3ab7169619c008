import { expect, test } from '@jest/globals';
import { blockChart } from '../../charts/blocks.ts';
import { blockRun } from '../block-runs.ts';

const timeline = { seconds: [], stages: [] } as never;

test('each block is a dot and a row, and a disturbed one says that it does not count', () => {
  const chart = blockChart.draw({ timeline, run: blockRun({ instanceType: 't2.micro' }).run }, 'blocks');
  expect(chart?.table.rows).toHaveLength(18);
  expect(chart?.table.rows[0]).toEqual([
    'saturation',
    '5,000/s',
    '250 ms',
    '410 ms',
    'no data',
    'no data',
    'no data',
    'no: The probe took 410 ms',
  ]);
  expect(chart?.table.rows[1]).toEqual([
    'saturation',
    '9,900/s',
    '250 ms',
    '252 ms',
    'no data',
    'no data',
    'no data',
    'yes',
  ]);
  expect(chart?.wide).toContain('<svg');
  expect(chart?.notes[0]).toContain('took 251 ms of CPU (median), 248 ms at its fastest');
});

test('a run without blocks has no such chart', () => {
  const { run } = blockRun({ instanceType: 't2.micro' });
  expect(blockChart.draw({ timeline, run: { ...run, stages: [] } }, 'blocks')).toBeUndefined();
});

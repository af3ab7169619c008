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

test('where the app was started again between blocks, each row says which start it is of', () => {
  const { run } = blockRun({ instanceType: 't2.micro' });
  const stages = run.stages.map((stage) => ({
    ...stage,
    ...(stage.blocks && { blocks: stage.blocks.map((block, at) => ({ ...block, start: 1 + Math.floor(at / 2) })) }),
  }));
  const { columns, rows } = blockChart.draw({ timeline, run: { ...run, stages } }, 'blocks')?.table ?? {};
  expect(columns?.slice(0, 3)).toEqual(['Stage', 'Start of the app', 'Throughput']);
  expect(rows?.slice(0, 3).map(([, start]) => start)).toEqual(['1', '1', '2']);
});

test('a run without blocks has no such chart', () => {
  const { run } = blockRun({ instanceType: 't2.micro' });
  expect(blockChart.draw({ timeline, run: { ...run, stages: [] } }, 'blocks')).toBeUndefined();
});

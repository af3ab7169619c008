import { expect, test } from '@jest/globals';
import type { SizingRecord } from '../../schema/sizing-record.ts';
import { predictionTable, sizingTable } from '../../tables/sizing.ts';

const sizing = {
  predictions: [],
  types: [{ instanceType: 't2.micro', summary: { code: 'summary-fits' }, limitedBy: 'credits', usdPerMonth: 8.47 }],
} as unknown as SizingRecord;

test('the predictions say how often their intervals held over all runs of the folder', () => {
  expect(predictionTable({ sizing: { ...sizing, ledger: { graded: 36, held: 34 } } }).note).toBe(
    'Over all runs in this folder, the intervals held 34 of 36 predictions.',
  );
});

test('rates on EC2 have columns of their own where they are known', () => {
  const names = (record: SizingRecord) => sizingTable({ sizing: record }).columns.map(({ name }) => name);
  expect(names(sizing)).not.toContain('Sustained on EC2');
  const [type] = sizing.types as [SizingRecord['types'][number]];
  const perS = { value: 1000, low: 800, high: 1250 };
  const onEc2 = { sustainedPerS: perS, burstPerS: perS, vcpuOfACore: { value: 0.9, low: 0.7, high: 1.2 } };
  expect(names({ ...sizing, types: [{ ...type, onEc2 }] })).toEqual(
    expect.arrayContaining(['Burst on EC2', 'Sustained on EC2']),
  );
});

import { describe, expect, test } from '@jest/globals';
import { readLines, readRun } from '../../../model/run-folder.ts';
import { renderCsv } from '../../render/csv.ts';
import { collectSeconds, type Seconds } from '../../series/seconds.ts';
import { fixture } from '../fixture.ts';
import { hostileText } from '../hostile.ts';

const run = readRun(fixture('complete'));
const none: Seconds = { load: [], host: [], credits: [], instanceCpu: [], stageStarts: [], endS: 0, setBackS: 0 };

describe('renderCsv', () => {
  test('has a line for every second and every sample, in the order of time', async () => {
    const seconds = await collectSeconds(run, readLines(fixture('complete')));
    const [header = '', ...lines] = renderCsv(run, seconds).trimEnd().split('\r\n');
    expect(lines).toHaveLength(seconds.load.length + seconds.host.length);
    expect(header).toMatch(
      /^at_s,kind,stage,sent,throughput_per_s,errors_per_s,open,p50_us,p99_us,sent_bytes,received_bytes,app\.cpu,/,
    );
    const times = lines.map((line) => Number(line.split(',')[0]));
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    expect(new Set(lines.map((line) => line.split(',').length))).toEqual(new Set([header.split(',').length]));
  });

  test('leaves what was not measured empty', () => {
    const second = { atS: 0.5, stage: 1, durationS: 1, sent: 0, throughputPerS: 0, errorsPerS: 0, open: 4 };
    expect(renderCsv(run, { ...none, load: [second] })).toBe(
      'at_s,kind,stage,sent,throughput_per_s,errors_per_s,open,p50_us,p99_us,sent_bytes,received_bytes\r\n0.5,load,warm-up,0,0,0,4,,,,\r\n',
    );
  });

  test('quotes names, and lets no spreadsheet run one', () => {
    const stages = run.stages.map((stage) => ({ ...stage, name: `=cmd|'/c calc'!A1,"${hostileText}` }));
    const second = { atS: 0, stage: 0, durationS: 1, sent: 1, throughputPerS: 1, errorsPerS: 0, open: 0 };
    const [, line = ''] = renderCsv({ ...run, stages }, { ...none, load: [second] }).split('\r\n');
    expect(line).toMatch(/^0,load,"'=cmd\|'\/c calc'!A1,""<script>/);
    expect(line.replaceAll('""', '').match(/"/g)).toHaveLength(2);
    expect(line).not.toMatch(/[^\P{Cc}\n]|[\u2028\u202e]/u);
  });
});

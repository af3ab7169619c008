import { beforeAll, describe, expect, test } from '@jest/globals';
import { scaleLinear } from 'd3-scale';
import { bandsOf, drawBands } from '../../../charts/drawing/bands.ts';
import { hostChart } from '../../../charts/host.ts';
import type { Report } from '../../../schema/report.ts';
import type { Timeline } from '../../../series/timeline.ts';
import { readReport } from '../../../write.ts';
import { fixture } from '../../fixture.ts';

let report: Report;
beforeAll(async () => {
  report = await readReport(fixture('rebuild'));
});

const plot = { left: 0, right: 800, top: 0, bottom: 100 };
const MiB = 1024 ** 2;

/** Stages of such lengths on an axis of so many seconds. */
function namesOf(lengthsS: readonly number[], axisS: number): string[] {
  let atS = 0;
  const stages = lengthsS.map((lengthS, index) => {
    const fromS = atS;
    atS += lengthS;
    return { name: `stage ${index}`, role: 'measured' as const, connections: 2 ** index, fromS, toS: atS };
  });
  const drawn = drawBands(bandsOf({ ...report.timeline, stages }), scaleLinear([0, axisS], [0, 800]), plot);
  return [...drawn.matchAll(/<text[^>]*>([^<]*)</g)].map(([, text]) => text ?? '');
}

describe('stages above a chart', () => {
  test('have their names, or their connections where those alone fit', () => {
    expect(namesOf([100, 100], 200)).toEqual(['stage 0', 'stage 1']);
    expect(namesOf([4, 4], 200)).toEqual(['1', '2', 'conn.']);
  });

  test('a long one keeps its name beside short ones', () => {
    expect(namesOf([10, 10, 3600], 3620)).toEqual(['stage 2']);
  });

  test('without room for most of their names they are one load', () => {
    expect(namesOf([1, 1, 1, 1], 400)).toEqual(['load']);
  });
});

describe('the memory axis', () => {
  const ticks = (bytes: number): string[] => {
    const timeline: Timeline = {
      ...report.timeline,
      inFlight: [],
      cores: [],
      load1: [],
      credits: [],
      appMemory: [
        [
          [0, bytes / 2],
          [10, bytes],
        ],
      ],
    };
    const drawn = hostChart.draw({ timeline }, 'host')?.wide ?? '';
    return [...drawn.matchAll(/>([\d.]+ \w?i?B)</g)].map(([, text]) => text ?? '');
  };

  test.each([
    [89 * MiB, ['50 MiB', '100 MiB']],
    [950 * MiB, ['500 MiB', '1000 MiB']],
    [1.5 * 1024 * MiB, ['1 GiB']],
  ])('up to %d bytes has round figures of one unit', (bytes, expected) => {
    expect(ticks(bytes)).toEqual(expected);
  });
});

import { expect, test } from '@jest/globals';
import { eventMarks } from '../../charts/panel.ts';

const extent = { top: 0, bottom: 100 };
const heights = (svg: string): number[] => [...svg.matchAll(/<text[^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y));

test('names of moments that would touch stand beneath each other, others beside', () => {
  const marks = [
    { x: 40, name: 'command begins' },
    { x: 60, name: 'command ends' },
    { x: 340, name: 'autostop' },
  ];
  expect(heights(eventMarks(marks, extent, 1120))).toEqual([12, 26, 12]);
  const near = [
    { x: 130, name: 'command begins' },
    { x: 260, name: 'autostop' },
  ];
  expect(heights(eventMarks(near, extent, 280))).toEqual([12, 26]);
});

test('a moment for whose name there is no row left keeps its line', () => {
  const svg = eventMarks(
    Array.from({ length: 9 }, (_, index) => ({ x: 40 + index, name: `build ${index}` })),
    extent,
    1120,
  );
  expect(svg.match(/class="mark"/g)).toHaveLength(9);
  expect(heights(svg)).toEqual([12, 26, 40, 54]);
});

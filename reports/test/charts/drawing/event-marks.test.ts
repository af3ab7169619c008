import { expect, test } from '@jest/globals';
import { drawMarks, placeMarks } from '../../../charts/drawing/event-marks.ts';

const draw = (marks: Parameters<typeof placeMarks>[0], width: number) =>
  drawMarks(placeMarks(marks, width), { top: 100, bottom: 200 });
const heights = (svg: string): number[] => [...svg.matchAll(/<text[^>]* y="([\d.]+)"/g)].map(([, y]) => Number(y));

test('names of moments that would touch stand beneath each other, others beside', () => {
  const marks = [
    { x: 70, name: 'command begins' },
    { x: 90, name: 'command ends' },
    { x: 370, name: 'autostop' },
  ];
  expect(heights(draw(marks, 1120))).toEqual([82, 96, 82]);
  const near = [
    { x: 130, name: 'command begins' },
    { x: 260, name: 'autostop' },
  ];
  expect(heights(draw(near, 280))).toEqual([82, 96]);
});

test.each([
  [80, 120],
  [150, 230],
  [200, 215],
  [290, 310],
])('on a phone the lines at %d and %d cross no name', (first, second) => {
  const marks = [
    { x: first, name: 't2.micro 1,020/s' },
    { x: second, name: 't2.medium 4,590/s' },
  ];
  const svg = draw(marks, 340);
  const lines = [...svg.matchAll(/d="M([\d.]+),([\d.]+)/g)].map(([, x, top]) => ({ x: Number(x), top: Number(top) }));
  const names = [...svg.matchAll(/<text x="([\d.]+)" y="([\d.]+)"[^>]*?( text-anchor="end")?>([^<]+)</g)].map(
    ([, x, y, end, name = '']) => ({ from: Number(x) - (end ? 7.9 * name.length : 0), y: Number(y), name }),
  );
  expect(names).toHaveLength(2);
  for (const { from, y, name } of names) {
    const crossing = lines.filter(({ x, top }) => top < y - 2 && x > from && x < from + 7.9 * name.length);
    expect(crossing).toEqual([]);
    expect(from).toBeGreaterThanOrEqual(0);
    expect(from + 7.9 * name.length).toBeLessThanOrEqual(340);
  }
});

test('a moment for whose name there is no row left keeps its line', () => {
  const svg = draw(
    Array.from({ length: 9 }, (_, index) => ({ x: 70 + index, name: `build ${index}` })),
    1120,
  );
  expect(svg.match(/class="mark"/g)).toHaveLength(9);
  expect(heights(svg)).toEqual([54, 68, 82, 96]);
});

test('names of wide letters end within the picture', () => {
  const marks = [
    { x: 982, name: 'command starts' },
    { x: 1022, name: 'command ends' },
  ];
  // Of "command ends" at 12 px in DejaVu Sans Bold, measured in Chromium.
  const measured = 101.9;
  const { from = 0 } = placeMarks(marks, 1120).find(({ name }) => name === 'command ends') ?? {};
  expect(from + measured).toBeLessThanOrEqual(1120);
});

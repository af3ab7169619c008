// What a build does to the CPU: the app and the build, stacked to the vCPUs of each instance type.
import { scaleLinear } from 'd3-scale';
import type { RunRecord } from '../../model/run-record.ts';
import { type BuildCpu, findBuildCpu } from '../measured/build-cpu.ts';
import type { ComparisonChart } from './compared.ts';
import { type Canvas, type Chart, makeChart, type RunChart } from './drawing/chart.ts';
import { type Frame, type Key, keysHeight, margin, panelTitle } from './drawing/panel.ts';
import { element, label, picture, rule, tooltip } from './drawing/svg.ts';

type Bar = BuildCpu & { readonly label: string; readonly vcpus: number };

const barHeight = 16;
const rowHeight = 40;

const title = 'CPU by process before and during a build';

/** Of the run alone. */
export const buildChart: RunChart = {
  id: 'build-cpu',
  section: 'build',
  draw: ({ run }, id) => drawBuilds(run ? [run] : [], id),
};

/** Of both types of a comparison. */
export const comparedBuildChart: ComparisonChart = {
  id: 'build-cpu-compared',
  section: 'build',
  draw: ({ baseline, candidate }, id) => drawBuilds([baseline.run, candidate.run], id),
};

function drawBuilds(runs: readonly (RunRecord | undefined)[], id: string): Chart | undefined {
  const bars = runs.flatMap((run) => {
    const { instanceType = '', vcpus = 1 } = run?.target ?? {};
    return run
      ? findBuildCpu(run).map((each): Bar => ({ ...each, vcpus, label: `${instanceType} ${each.stage}`.trim() }))
      : [];
  });
  if (bars.length === 0) return undefined;
  return makeChart(
    {
      id,
      title,
      description: `Mean CPU in vCPUs, of those of the type: ${bars.map(describe).join('; ')}.`,
      table: {
        columns: ['Stage', 'App', 'Build', 'vCPUs'],
        rows: bars.map((bar) => [bar.label, figure(bar.appVcpus), figure(bar.commandVcpus), String(bar.vcpus)]),
      },
      notes: [],
    },
    (canvas) => drawBars(bars, canvas),
  );
}

function figure(vcpus: number): string {
  return vcpus.toFixed(2);
}

function describe({ label: name, appVcpus, commandVcpus, vcpus }: Bar): string {
  const build = commandVcpus > 0 ? `, build ${figure(commandVcpus)}` : '';
  return `${name}: app ${figure(appVcpus)}${build} of ${vcpus === 1 ? '1 vCPU' : `${vcpus} vCPUs`}`;
}

function drawBars(bars: readonly Bar[], canvas: Canvas): string {
  const keys: Key[] = [
    { className: 'user', name: 'app', shape: 'area' },
    { className: 'system', name: 'build', shape: 'area' },
    { className: 'guest', name: 'vCPUs of the type', shape: 'area' },
  ];
  const sides = { left: 4, right: canvas.width - margin.right };
  const top = margin.title + 4 + keysHeight(sides, '', keys);
  const frame: Frame = { ...sides, top, bottom: top + bars.length * rowHeight };
  const most = Math.max(...bars.flatMap(({ vcpus, appVcpus, commandVcpus }) => [vcpus, appVcpus + commandVcpus]));
  const x = scaleLinear([0, most], [frame.left, frame.right]);
  const ticks = x.ticks(canvas.size === 'wide' ? 4 : 2).map((tick) => {
    const anchor = tick === 0 ? 'start' : x(tick) > frame.right - 24 ? 'end' : 'middle';
    return (
      rule(x(tick), frame.top, x(tick), frame.bottom, tick === 0 ? 'axis-line' : 'grid') +
      label(tick === 0 ? '0 vCPUs' : String(tick), { x: x(tick), y: frame.bottom + 17 }, 'axis', anchor)
    );
  });
  return picture(
    { ...canvas, height: frame.bottom + 24 },
    panelTitle(frame, '', keys),
    ...ticks,
    ...bars.map((bar, index) => drawBar(bar, frame.top + index * rowHeight + 18, frame, x)),
  );
}

function drawBar(bar: Bar, y: number, { left }: Frame, x: (vcpus: number) => number): string {
  const rect = (from: number, to: number, className: string) =>
    element('rect', { x: x(from), y, width: x(to) - x(from), height: barHeight, class: `area ${className}` });
  const text = describe(bar);
  return [
    label(text, { x: left + 4, y: y - 5 }, 'key'),
    element(
      'g',
      {},
      tooltip(text),
      rect(0, bar.vcpus, 'guest'),
      rect(0, bar.appVcpus, 'user'),
      rect(bar.appVcpus, bar.appVcpus + bar.commandVcpus, 'system'),
    ),
  ].join('');
}

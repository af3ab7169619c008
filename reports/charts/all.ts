// Every chart of every page. Pages, the live page and the gallery read these lists; within a section the order is that of the list.
import { alarmChart } from './alarms.ts';
import { blockChart } from './blocks.ts';
import { buildChart, comparedBuildChart } from './build-cpu.ts';
import { capacityChart } from './capacity.ts';
import { capacityBars } from './capacity-bars.ts';
import type { ComparisonChart } from './compared.ts';
import { loadChart } from './comparison-load.ts';
import { pairedChart } from './comparison-paired.ts';
import { spreadChart } from './comparison-spread.ts';
import { costChart } from './cost-capacity.ts';
import { comparedCreditChart, creditChart } from './credit-week.ts';
import { demandChart } from './demand.ts';
import type { RunChart } from './drawing/chart.ts';
import { type HistoryChart, historyChart } from './history.ts';
import { hostChart } from './host.ts';
import { comparedMemoryChart, memoryChart } from './memory.ts';
import { percentileChart } from './percentiles.ts';
import { type RecordChart, recordChart, recordDayChart } from './record-credits.ts';
import { saturationChart } from './saturation.ts';
import { timeChart } from './time.ts';
import { untilEmptyChart } from './until-empty.ts';

export const runCharts: readonly RunChart[] = [
  capacityChart,
  timeChart,
  hostChart,
  buildChart,
  creditChart,
  demandChart,
  memoryChart,
  saturationChart,
  blockChart,
  percentileChart,
  alarmChart,
];

export const comparisonCharts: readonly ComparisonChart[] = [
  comparedCreditChart,
  untilEmptyChart,
  capacityBars,
  comparedMemoryChart,
  costChart,
  comparedBuildChart,
  loadChart,
  spreadChart,
  pairedChart,
];

export const historyCharts: readonly HistoryChart[] = [historyChart];

export const recordCharts: readonly RecordChart[] = [recordChart, recordDayChart];

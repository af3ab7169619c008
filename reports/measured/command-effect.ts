// The effect of a command during the load, for example a build, on CPU, latency and throughput: before, during and after it.

import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { fewestBeside, hasFailed } from '../../model/stage/command-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { CommandEffect, StageSnapshot } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { errorRatePercent, withoutHistogram } from './measured.ts';
import { longSampleS } from './sample-interval.ts';
import { coresPerVcpu } from './whole-vcpus.ts';

/** One for each stage in which a command ran; before and after are the stages of the same role beside it. */
export function findCommandEffects(run: RunRecord, observed: Observed | undefined): CommandEffect[] {
  return run.stages.flatMap((stage, index) => {
    const { command, role } = stage;
    if (!command) return [];
    const isLike = (other: StageRecord) => other.role === role && !other.command;
    const before = run.stages.findLastIndex((other, at) => at < index && isLike(other));
    const after = run.stages.findIndex((other, at) => at > index && isLike(other));
    const problem = findProblem(run, stage, run.stages[before]);
    return [
      {
        command,
        ...present({ problem }),
        ...(before >= 0 && { before: snapshot(run, observed, before, command.vcpus) }),
        during: snapshot(run, observed, index, command.vcpus),
        ...(after >= 0 && { after: snapshot(run, observed, after, command.vcpus) }),
      },
    ];
  });
}

function findProblem(
  { warnings }: RunRecord,
  { name, command, requests }: StageRecord,
  before: StageRecord | undefined,
): CommandEffect['problem'] {
  if (command && hasFailed(command)) return 'failed';
  if (requests.completed < fewestBeside) return 'few-requests';
  const isOff = warnings.some(
    ({ code, stage }) => code === 'beside-not-as-intended' && [name, before?.name].includes(stage as string),
  );
  return isOff ? 'load-not-as-intended' : undefined;
}

/** That a command of the run failed, so that the run does not answer what the command was for; undefined when none did. */
export function findFailedCommand(run: RunRecord): Finding | undefined {
  const failed = run.stages.map(({ command }) => command).find((command) => command && hasFailed(command));
  if (!failed) return undefined;
  const { line: command, durationS, exitCode, signal } = failed;
  return found('command-unsuccessful', { command, durationS, ...present({ exitCode, signal }) });
}

function snapshot(
  run: RunRecord,
  observed: Observed | undefined,
  index: number,
  vcpus: number | undefined,
): StageSnapshot {
  const stage = run.stages[index];
  if (!stage) throw new Error(`the run has no stage ${index}`);
  const latencyUs = withoutHistogram(stage.latencyUs);
  const { intended, dropped } = stage.requests;
  return {
    stage: stage.name,
    ...(run.target.vcpuShare === undefined ? hostCpu(observed, index) : instanceCpu(run, stage, vcpus)),
    ...(stage.durationS > 0 && { throughputPerS: stage.throughputPerS }),
    requests: stage.requests.completed,
    ...(intended > 0 && { droppedRatePercent: (100 * dropped) / intended }),
    ...present({ errorRatePercent: errorRatePercent(stage.requests.sent, stage.outcomes), latencyUs }),
  };
}

function hostCpu(observed: Observed | undefined, index: number): Partial<StageSnapshot> {
  const {
    'system.cpu.user': user,
    'system.cpu.system': system,
    'system.cpu.idle': idle,
  } = observed?.stages[index]?.metrics ?? {};
  const sampleS = longSampleS(observed, 'system.cpu.idle');
  return {
    ...(user && system && { cpuPercent: user.avg + system.avg }),
    ...(idle && { busiestCpuPercent: 100 - idle.min, ...(sampleS !== undefined && { sampleS }) }),
  };
}

/** The host has cores that the instance has not, and the load generator runs there. */
function instanceCpu(run: RunRecord, stage: StageRecord, wholeCores: number | undefined): Partial<StageSnapshot> {
  const { appCpuS, command, durationS } = stage;
  const { vcpus } = run.target;
  const cores = wholeCores ?? (vcpus && vcpus * coresPerVcpu(run, stage));
  if (appCpuS === undefined || cores === undefined || durationS === 0) return {};
  return { cpuPercent: (100 * (appCpuS + (command?.cpuS ?? 0))) / durationS / cores };
}

// What happens to the CPU when another build runs?

import type { Finding } from '../../model/finding.ts';
import { findBurstableType } from '../../model/instance-catalogue.ts';
import type { Observed } from '../../model/observed.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Answer } from '../schema/judged.ts';
import type { CommandEffect, StageSnapshot } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { findBuild } from '../sizing/build-demand.ts';
import { repetitionOf } from '../sizing/recommendation.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';

const smaller = 't2.micro';
/** More commands than this are in the table alone. */
const mostCommands = 3;

/** One answer per command: its effect on CPU, latency and throughput, what remained, and the CPU credits that it would take. */
export function answerAnotherBuild({ run, observed, commands }: Answerable): Answer[] {
  if (commands.length === 0) return [notMeasured(found('no-build-ran', repetitionOf(run)))];
  return commands
    .slice(0, mostCommands)
    .map((effect, index) =>
      answered([...describeEffect(effect, run.recovery), index === 0 ? findCredits(run, observed) : undefined]),
    );
}

function describeEffect(
  { command, before, during, after }: CommandEffect,
  recovery: RunRecord['recovery'],
): (Finding | undefined)[] {
  const { line, durationS, exitCode, signal } = command;
  return [
    found('command-ran', {
      command: line,
      durationS,
      ...present({ exitCode, signal }),
    }),
    findCpu(before, during),
    findLoad(before, during),
    after?.cpuPercent === undefined
      ? undefined
      : found('after-command', {
          cpuPercent: after.cpuPercent,
          ...(after.latencyUs && { p99Us: after.latencyUs.p99 }),
        }),
    recovery && recovery.stage === after?.stage ? found('recovery', recovery) : undefined,
  ];
}

function findCpu(before: StageSnapshot | undefined, during: StageSnapshot): Finding {
  const cpuPercent = change(before, during, (each) => each.cpuPercent);
  if (!cpuPercent) return found('command-cpu-unknown', {});
  const { busiestCpuPercent, sampleS } = during;
  return found('command-cpu', {
    cpuPercent,
    ...present({ busiestPercent: busiestCpuPercent, sampleS }),
  });
}

function findLoad(before: StageSnapshot | undefined, during: StageSnapshot): Finding | undefined {
  const p50Us = change(before, during, (each) => each.latencyUs?.p50);
  const p99Us = change(before, during, (each) => each.latencyUs?.p99);
  const throughputPerS = change(before, during, (each) => each.throughputPerS);
  if (!p50Us && !p99Us && !throughputPerS) return undefined;
  return found('command-load', {
    ...present({ p50Us, p99Us, throughputPerS }),
  });
}

function change(
  before: StageSnapshot | undefined,
  during: StageSnapshot,
  pick: (snapshot: StageSnapshot) => number | undefined,
): { readonly from?: number; readonly to: number } | undefined {
  const to = pick(during);
  const from = before && pick(before);
  return to === undefined ? undefined : { ...(from !== undefined && { from }), to };
}

/** The CPU credits that the command would take from the smaller instance. */
function findCredits(run: RunRecord, observed: Observed | undefined): Finding | undefined {
  const build = findBuild(run, observed);
  if (!build) return undefined;
  const { vcpus, durationS } = build;
  const credits = (vcpus * durationS) / 60;
  const { creditsEarnedPerHour } = findBurstableType(smaller).credits;
  const earnedInS = (credits / creditsEarnedPerHour) * 3600;
  return found('command-credits', { vcpus, durationS, credits, instanceType: smaller, earnedInS });
}

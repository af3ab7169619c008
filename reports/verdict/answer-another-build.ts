// What happens to the CPU when another build runs?

import { type BurstableType, findBurstableType, instanceCatalogue } from '../../model/catalogue/instance-catalogue.ts';
import type { Finding } from '../../model/finding.ts';
import { present } from '../../model/present.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { CommandRecord } from '../../model/stage/command-record.ts';
import { fewestBeside } from '../../model/stage/command-record.ts';
import { coresPerVcpu } from '../measured/whole-vcpus.ts';
import type { Answer } from '../schema/judged.ts';
import type { CommandEffect, StageSnapshot } from '../schema/judged-stage.ts';
import { found } from '../schema/verdict-findings.ts';
import { repetitionOf } from '../sizing/recommendation.ts';
import { type Answerable, answered, notMeasured } from './answer.ts';

const smaller = 't2.micro';
/** Share of the machine's CPU; an idle machine's own services take less. */
const mostTaken = 0.05;
/** More commands than this are in the table alone. */
const mostCommands = 3;

/** One answer per command: its effect on CPU, latency and throughput, what remained, and the CPU credits that it took. */
export function answerAnotherBuild({ run, commands, sizing }: Answerable): Answer[] {
  if (commands.length === 0) {
    const reason = run.warnings.find(({ code }) => code === 'no-compiler');
    return [notMeasured(reason ?? found('no-build-ran', repetitionOf(run)))];
  }
  const { builds = [] } = sizing ?? {};
  const compared = builds.length > 1 ? found('builds-compared', { builds }) : undefined;
  return commands.slice(0, mostCommands).map((effect) => answerOne(run, effect, compared));
}

function answerOne(run: RunRecord, effect: CommandEffect, compared: Finding | undefined): Answer {
  const { command, problem, during } = effect;
  const { line, durationS, exitCode, signal, stopped } = command;
  const ran = { command: line, durationS, ...present({ exitCode, signal }) };
  if (problem === 'failed') return notMeasured(found('command-unsuccessful', ran));
  const requests = during.requests ?? 0;
  const memory = findOutOfMemory(run, command);
  // That it does not fit is the answer, however soon it shows.
  if (problem === 'few-requests' && memory) return answered([compared, found('command-ran', ran), memory]);
  if (problem === 'few-requests')
    return notMeasured(found('command-few-requests', { command: line, durationS, requests, needed: fewestBeside }));
  return answered([
    compared,
    found('command-ran', {
      ...ran,
      ...(stopped && { stopped }),
      ...(!compared && exitCode === 0 && !stopped && { once: true }),
    }),
    memory,
    ...describeEffect(run, effect),
    findUse(run, command),
    findTaken(command),
  ]);
}

function describeEffect(run: RunRecord, { before, during, after, problem }: CommandEffect) {
  const { recovery, warnings } = run;
  return [
    findCpu(before, during),
    problem === 'load-not-as-intended'
      ? warnings.find(({ code }) => code === 'beside-not-as-intended')
      : findLoad(before, during),
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
  const errors = change(before, during, (each) => each.errorRatePercent);
  const errorRatePercent = errors && (errors.from ?? 0) + errors.to > 0 ? errors : undefined;
  if (!p50Us && !p99Us && !throughputPerS) return undefined;
  return found('command-load', { ...present({ p50Us, p99Us, throughputPerS, errorRatePercent }) });
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

function findOutOfMemory(run: RunRecord, { outOfMemory, memoryBytes }: CommandRecord): Finding | undefined {
  const { instanceType } = run.target;
  if (outOfMemory === undefined || instanceType === undefined) return undefined;
  return found('command-out-of-memory', { killed: outOfMemory, instanceType, ...present({ memoryBytes }) });
}

function findTaken({ takenShare = 0, takers = [] }: CommandRecord): Finding | undefined {
  return takenShare > mostTaken ? found('command-disturbed', { takenPercent: 100 * takenShare, takers }) : undefined;
}

/** What the command used itself, and how long its CPU credits take to earn: of the run's type, if it has credits, else of the smaller one. */
function findUse(run: RunRecord, { cpuS, durationS, memoryBytes }: CommandRecord): Finding | undefined {
  if (cpuS === undefined || durationS === 0) return undefined;
  const vcpuS = cpuS / coresPerVcpu(run, { role: 'idle' });
  const credits = vcpuS / 60;
  const own = instanceCatalogue.find(({ instanceType }) => instanceType === run.target.instanceType);
  const { instanceType, credits: earning } = own?.credits ? (own as BurstableType) : findBurstableType(smaller);
  const earnedInS = (credits / earning.creditsEarnedPerHour) * 3600;
  const use = { cpuS: vcpuS, vcpus: vcpuS / durationS, ...present({ memoryBytes }) };
  return found('command-used', { ...use, credits, instanceType, earnedInS });
}

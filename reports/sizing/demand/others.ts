// What else runs on the machine of the app: as measured on the observed host, or as the user declared it (--with).
import { type BoxProgram, findBoxProgram, proxyName, proxyService } from '../../../model/catalogue/box-programs.ts';
import type { Observed } from '../../../model/observed.ts';
import { present } from '../../../model/present.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import { findProgramUse } from '../../measured/program-use.ts';
import type { CountedProgram } from '../../schema/check-findings.ts';
import type { SizingFinding } from '../../schema/sizing-findings.ts';
import type { Estimate } from '../../series/regression.ts';
import { targetCores } from './busy-cpu.ts';
import { addEstimates, exactly, mapEstimate } from './estimate.ts';
import type { ServiceDemand } from './service-demand.ts';

export type Others = {
  /** Programs of the observed host, by name. Empty for the app alone. */
  readonly measured: readonly CountedProgram[];
  /** vCPUs that they used at rest, in vCPUs of the run; 0 for the app alone. */
  readonly measuredVcpus: number;
  /** The same of no program that was seen: other containers, or short-lived programs. What it takes of another machine is not known. */
  readonly unknownVcpus: number;
  /** Counted with their footprints. */
  readonly assumed: readonly CountedProgram[];
  /** nginx in the path of the load: its CPU is in that of a request. */
  readonly proxy?: CountedProgram;
};

/** Of the run's record and its observed host. `count`: whether everything on that host counts, or what was declared alone. */
export function findOthers(
  { run, observed }: { readonly run: RunRecord; readonly observed: Observed | undefined },
  count: 'app' | 'host',
  demand: ServiceDemand | undefined,
): Others {
  const programs = findProgramUse(run, observed).filter(({ kind }) => kind === 'service');
  const measured = count === 'app' ? [] : programs.filter(({ name }) => name !== proxyService).map(measuredProgram);
  const isHere = (name: string) => measured.some((each) => each.name === name);
  const declared = (run.target.with ?? []).flatMap((name) => findBoxProgram(name) ?? []);
  const started = (program: BoxProgram) => program.name === proxyName && run.target.nginx !== undefined;
  const proxy = declared.find(started);
  return {
    measured,
    ...(count === 'app' ? { measuredVcpus: 0, unknownVcpus: 0 } : restOf({ run, observed }, demand, measured)),
    assumed: declared.filter((each) => !started(each) && !isHere(each.name)).map(assumedProgram),
    ...(proxy && {
      proxy: proxyProgram(
        proxy,
        programs.find(({ name }) => name === proxyService),
      ),
    }),
  };
}

type Program = ReturnType<typeof findProgramUse>[number];

/** At rest, else under load. CPU in percent of one core. */
function measuredProgram({ name, atRest, underLoad }: Program): CountedProgram {
  const { cpuPercent, rssBytes } = atRest ?? underLoad ?? {};
  return {
    name,
    how: 'measured',
    ...present({
      vcpus: cpuPercent === undefined ? undefined : exactly(cpuPercent / 100),
      bytes: rssBytes === undefined ? undefined : exactly(rssBytes),
    }),
  };
}

function assumedProgram({ name, restVcpus, restSource, memoryMiB, memorySource }: BoxProgram): CountedProgram {
  const bytes = mapEstimate(memoryMiB, (each) => each * 1024 ** 2);
  return { name, how: 'assumed', vcpus: restVcpus, bytes, sources: [restSource, memorySource] };
}

/** Its observed memory, else that of its footprint. */
function proxyProgram(program: BoxProgram, seen: Program | undefined): CountedProgram {
  const bytes = seen?.underLoad?.rssBytes;
  const { vcpus: _, sources: __, ...assumed } = assumedProgram(program);
  return bytes === undefined ? assumed : { name: program.name, how: 'measured', bytes: exactly(bytes) };
}

/** Programs too small to be listed take up to this share of a core for each core. */
const smallPrograms = 0.05;

/**
 * Of the host at rest, less the app's own: its programs by name, with what small ones add. Without a figure of the host (an emulated machine
 * is not it) its programs alone, and all of it where the source does not list programs.
 */
function restOf(
  { run, observed }: { readonly run: RunRecord; readonly observed: Observed | undefined },
  demand: ServiceDemand | undefined,
  measured: readonly CountedProgram[],
): Pick<Others, 'measuredVcpus' | 'unknownVcpus'> {
  const { host, app } = demand ?? {};
  const namedVcpus = measured.reduce((sum, { vcpus }) => sum + (vcpus?.value ?? 0), 0);
  if (!host) return { measuredVcpus: namedVcpus, unknownVcpus: 0 };
  const totalVcpus = Math.max(0, host.restVcpus - (app?.restVcpus ?? 0));
  const unknownVcpus = totalVcpus - namedVcpus;
  const isListed = observed?.stages.some(({ services }) => Object.keys(services).length > 0) ?? false;
  const isSmall = unknownVcpus <= smallPrograms * (targetCores(run) ?? 1);
  return isSmall || !isListed
    ? { measuredVcpus: totalVcpus, unknownVcpus: 0 }
    : { measuredVcpus: namedVcpus, unknownVcpus };
}

/** Memory of all programs that are not part of the app's own figure. */
export function bytesOf(programs: readonly CountedProgram[]): Estimate {
  return addEstimates(programs.flatMap(({ bytes }) => bytes ?? []));
}

/** In words, with what is not known. */
export function describeOthers(
  { measured, measuredVcpus, unknownVcpus, assumed, proxy }: Others,
  count: 'app' | 'host',
): SizingFinding<'counted-beside-app'> {
  return {
    code: 'counted-beside-app',
    programs: [...(proxy ? [{ ...proxy, inPath: true as const }] : []), ...measured, ...assumed],
    ...(count === 'host' && { hostVcpus: measuredVcpus, unknownVcpus }),
  };
}

// Whether two runs can be compared, and what else differs between them.
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import { toldShare } from '../measured/whole-vcpus.ts';
import { compared, type RunRole } from '../schema/comparison-findings.ts';

/** Times the fastest speed check of the other run; on one machine they lie within 4 %. */
const otherSpeed = 1.12;

type Value = string | number | undefined;

/** Reasons against comparing; empty when the reference run is complete and valid and both were measured on the same kind of host. */
export function findIncomparable(reference: RunRecord, run: RunRecord, role: RunRole = 'baseline'): Finding[] {
  const { status, validity } = reference;
  const [before, after] = [reference.generator, run.generator];
  return [
    status === 'complete' ? undefined : compared('run-not-complete', { run: role, status }),
    validity.verdict === 'invalid' ? compared('run-is-invalid', { run: role, reasons: validity.reasons }) : undefined,
    differs(before.cpuModel, after.cpuModel, (both) => compared('generator-cpu-differs', both)),
    differs(before.cores, after.cores, (both) => compared('generator-cores-differ', both)),
    findSpeedDifference(reference, run),
    differs(toldShare(reference), toldShare(run), (both) => compared('vcpu-share-differs', both)),
  ].filter((each) => each !== undefined);
}

/** Differences that a reader should know of, though the runs can be compared. */
export function findSetupDifferences(baseline: RunRecord, candidate: RunRecord): Finding[] {
  const versions = new Set([...Object.keys(baseline.generator.versions), ...Object.keys(candidate.generator.versions)]);
  const pairs: readonly (readonly [string, Value, Value])[] = [
    ['Profile', baseline.profile.name, candidate.profile.name],
    ['Commit of the app', baseline.target.commit, candidate.target.commit],
    ['nginx in the path', baseline.target.nginx?.version, candidate.target.nginx?.version],
    ['Declared (--with)', baseline.target.with?.join(', '), candidate.target.with?.join(', ')],
    ['Worker processes', baseline.target.workers, candidate.target.workers],
    ['Generator processes', baseline.generator.processes, candidate.generator.processes],
    ...[...versions].map(
      (name) => [`Version of ${name}`, baseline.generator.versions[name], candidate.generator.versions[name]] as const,
    ),
  ];
  return pairs.flatMap(
    ([what, before, after]) => differs(before, after, (both) => compared('setup-differs', { what, ...both })) ?? [],
  );
}

/**
 * The fixed computation took another time: the cores were not equally fast, so that the same app has other figures. Rates of runs that both
 * measured redis SETs are corrected to the undisturbed core, whatever happened to it meanwhile.
 */
function findSpeedDifference(baseline: RunRecord, candidate: RunRecord): Finding | undefined {
  const { probe: before } = baseline;
  const { probe: after } = candidate;
  if (!before || !after || (isCorrected(baseline) && isCorrected(candidate))) return undefined;
  const times = after.fastestMs / before.fastestMs;
  const isSame = times < otherSpeed && times > 1 / otherSpeed;
  return isSame
    ? undefined
    : compared('core-speed-differs', { baseline: before.fastestMs, candidate: after.fastestMs });
}

function isCorrected({ vcpuSpeed, stages }: RunRecord): boolean {
  return vcpuSpeed !== undefined && stages.some(({ blocks }) => blocks?.some(({ redisSet }) => redisSet));
}

function differs(
  before: Value,
  after: Value,
  find: (both: { baseline?: string | number; candidate?: string | number }) => Finding,
): Finding | undefined {
  if (before === after) return undefined;
  return find({ ...(before !== undefined && { baseline: before }), ...(after !== undefined && { candidate: after }) });
}

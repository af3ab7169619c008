// What stands against a comparison of two runs: a baseline that is not whole, or a difference that nobody asks about.
import type { RunRecord } from '../../model/run-record.ts';

/** Reasons in plain words; empty when the baseline can be trusted and both were measured on alike machines. */
export function findUnlike(baseline: RunRecord, candidate: RunRecord): readonly string[] {
  const reasons: string[] = [];
  if (baseline.status !== 'complete') reasons.push(`the baseline run is not whole (${baseline.status})`);
  if (baseline.validity.verdict === 'invalid')
    reasons.push(`the baseline run is invalid: ${baseline.validity.reasons.map(({ text }) => text).join('; ')}`);
  const differs = (what: string, before: unknown, after: unknown): void => {
    if (before !== after) reasons.push(`${what}: ${shown(before)}, now ${shown(after)}`);
  };
  differs('the measuring machine has another CPU', baseline.generator.cpuModel, candidate.generator.cpuModel);
  differs('the measuring machine has other cores', baseline.generator.cores, candidate.generator.cores);
  differs('an emulated vCPU is another share of a core', baseline.target.vcpuShare, candidate.target.vcpuShare);
  return reasons;
}

/** What differs between them and matters to a reader, though the comparison can be made. */
export function describeDifferences(baseline: RunRecord, candidate: RunRecord): readonly string[] {
  const notes: string[] = [];
  const differs = (what: string, before: unknown, after: unknown): void => {
    if (before !== after) notes.push(`${what}: ${shown(before)} in the baseline run, ${shown(after)} in the other`);
  };
  differs('profile', baseline.profile.name, candidate.profile.name);
  differs('commit of the app', baseline.target.commit, candidate.target.commit);
  differs('worker processes', baseline.target.workers, candidate.target.workers);
  differs('generator processes', baseline.generator.processes, candidate.generator.processes);
  for (const name of new Set([
    ...Object.keys(baseline.generator.versions),
    ...Object.keys(candidate.generator.versions),
  ]))
    differs(`version of ${name}`, baseline.generator.versions[name], candidate.generator.versions[name]);
  return notes;
}

function shown(value: unknown): string {
  return value === undefined ? 'not known' : String(value);
}

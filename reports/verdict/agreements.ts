// How the sources of host metrics agree.
import type { Finding } from '../../model/finding.ts';
import type { Observed } from '../../model/observed.ts';
import { found } from '../schema/verdict-findings.ts';

/** One finding for each pair of sources and metric; with several hosts a source is named with its host. */
export function findAgreements(observed: Observed | undefined): Finding[] {
  const hosts = new Map(observed?.sources.map(({ source, host }) => [source, host]));
  const isOne = new Set(hosts.values()).size === 1;
  const name = (source: string) => (isOne ? source : `${source} (${hosts.get(source)})`);
  return (observed?.agreements ?? []).map(({ other, reference, ...figures }) =>
    found('sources-compared', { ...figures, source: name(other), reference: name(reference) }),
  );
}

import type { Finding } from '../../model/finding.ts';
import { nearestFew } from '../../model/nearest.ts';
import { monitorFinding } from '../messages.ts';
import type { Datadog } from './datadog.ts';

/** The likely reason why queries gave nothing. `known` are the hosts that Datadog finds by this name. */
export async function findMissingReason(
  { datadog, host }: { readonly datadog: Datadog; readonly host: string },
  known: readonly { readonly name: string }[],
): Promise<Finding> {
  if (known.some(({ name }) => name === host)) return monitorFinding('host-sent-nothing', { host });
  const names = (await datadog.listHosts('')).map(({ name }) => name);
  return monitorFinding('host-unknown', { host, near: nearestFew(host, names) });
}

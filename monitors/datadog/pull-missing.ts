import { nearestFew } from '../../model/nearest.ts';
import type { Datadog } from './datadog.ts';

/** What may be the matter when queries gave nothing; `known` are the hosts that Datadog finds by this name. */
export async function missingHint(
  { datadog, host }: { readonly datadog: Datadog; readonly host: string },
  othersGave: boolean,
  known: readonly { readonly name: string }[],
): Promise<string> {
  if (othersGave) return 'these metrics have no point in the window: is the integration that sends them on?';
  if (known.some(({ name }) => name === host)) return `${host} sent nothing in the window: was the agent running?`;
  const names = (await datadog.listHosts('')).map(({ name }) => name);
  const near = names.length > 0 ? `; did you mean ${nearestFew(host, names).join(' or ')}?` : '';
  return `Datadog knows no host ${host}: did its name change${near}`;
}

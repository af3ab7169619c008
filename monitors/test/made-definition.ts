import { allDefinitions } from '../definitions/all.ts';
import type { MonitorDefinition } from '../spec/definition.ts';

/** The definition with this key for a host; without recipients and tags unless they are given. */
export async function madeDefinition(
  key: string,
  host: string,
  given: Partial<Pick<MonitorDefinition, 'recipients' | 'tags'>> = {},
): Promise<MonitorDefinition> {
  const found = (await allDefinitions({ host, recipients: [], tags: [], ...given })).find((each) => each.key === key);
  if (!found) throw new Error(`there is no definition ${key}`);
  return found;
}

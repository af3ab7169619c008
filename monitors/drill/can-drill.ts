// Checks that a host has monitors to drill.
import { commandLine, type Invocation } from '../../model/command-line.ts';
import { UserError } from '../../model/user-error.ts';
import type { Datadog } from '../datadog/datadog.ts';
import { isAboutHost, ownerTag } from '../spec/wanted-monitor.ts';

/** Throws a UserError when Datadog has no monitor of headroom for the host: a drill would take minutes and prove nothing. */
export async function checkCanDrill(datadog: Datadog, host: string, invocation: Invocation): Promise<void> {
  const ours = await datadog.listMonitors([ownerTag]);
  if (ours.some((monitor) => isAboutHost(monitor, host))) return;
  const apply = commandLine(invocation, 'monitors', ['apply', '--host', host]);
  throw new UserError(`Datadog has no monitor of headroom for ${host}. Check the name, or create them: ${apply}`);
}

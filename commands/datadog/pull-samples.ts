import type { Finding } from '../../model/finding.ts';
import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { datadogSamples } from '../../monitors/datadog/source.ts';
import { monitorFinding } from '../../monitors/messages.ts';
import type { DatadogPart } from './datadog-part.ts';

/** The host's samples in Datadog from begin to end of a run. A failed pull is a warning: the run stands without them. */
export async function pullSamples(
  { datadog, clock, host, say, signal }: DatadogPart,
  from: Date,
  to: Date,
): Promise<{
  readonly lines: readonly HostLine[];
  readonly warnings: readonly Finding[];
  readonly instanceType?: string;
}> {
  const window = { from: from.toISOString(), to: to.toISOString() };
  try {
    const { lines, hint, instanceType } = await datadogSamples({ datadog, clock, host, ...window, onProgress: say });
    const warnings = lines.length > 0 || hint === undefined ? [] : [noFigures(hint.text ?? '')];
    return { lines, warnings, ...(instanceType !== undefined && { instanceType }) };
  } catch (error) {
    if (signal.aborted) return { lines: [], warnings: [monitorFinding('pull-stopped')] };
    if (!(error instanceof UserError)) throw error;
    return { lines: [], warnings: [noFigures(error.message)] };
  }
}

function noFigures(cause: string): Finding {
  return monitorFinding('no-host-figures', { cause });
}

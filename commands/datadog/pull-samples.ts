import type { HostLine } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { datadogSamples } from '../../monitors/datadog/source.ts';
import type { DatadogPart } from './datadog-part.ts';

/** The host as Datadog saw it from begin to end of a run. When that fails, the run stands without, and the warnings say so. */
export async function pullSamples(
  { datadog, clock, host, say, signal }: DatadogPart,
  from: Date,
  to: Date,
): Promise<{
  readonly lines: readonly HostLine[];
  readonly warnings: readonly string[];
  readonly instanceType?: string;
}> {
  const window = { from: from.toISOString(), to: to.toISOString() };
  try {
    const { lines, hint, instanceType } = await datadogSamples({ datadog, clock, host, ...window, onProgress: say });
    const warnings = lines.length > 0 || hint === undefined ? [] : [`Datadog gave no figure of the host: ${hint}`];
    return { lines, warnings, ...(instanceType !== undefined && { instanceType }) };
  } catch (error) {
    if (!(error instanceof UserError) && !signal.aborted) throw error;
    const why = signal.aborted ? 'the run was stopped before they were taken in' : (error as Error).message;
    return { lines: [], warnings: [`Datadog gave no figure of the host: ${why}`] };
  }
}

// A downtime over a stress run: the monitors stay active, their notifications are silenced.
import { hostTag, ownerTag } from '../spec/wanted-monitor.ts';
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';

export type Mute = {
  /** Ends the downtime. Without this it expires at the planned time. */
  release(): Promise<void>;
};

/**
 * Silences headroom's monitors of a host for at most `plannedS` seconds and five minutes. Ends the downtimes first that a killed run
 * has left for the host.
 */
export async function muteMonitors(options: {
  readonly datadog: Datadog;
  readonly host: string;
  readonly run: string;
  readonly plannedS: number;
  readonly clock: Clock;
}): Promise<Mute> {
  const { datadog, host, run, plannedS, clock } = options;
  await unmuteMonitors(datadog, host);
  const tags = [ownerTag, hostTag(host)];
  const end = new Date(clock.now() + (plannedS + 300) * 1000);
  const id = await datadog.createDowntime(tags, `${marker(host)} (run ${run})`, end);
  return { release: () => datadog.cancelDowntime(id) };
}

/** Ends every downtime that headroom has created for the host; returns how many there were. */
export async function unmuteMonitors(datadog: Datadog, host: string): Promise<number> {
  const left = (await datadog.listDowntimes()).filter(({ message }) => message.startsWith(`${marker(host)} (`));
  for (const { id } of left) await datadog.cancelDowntime(id);
  return left.length;
}

function marker(host: string): string {
  return `headroom stresses ${host}`;
}

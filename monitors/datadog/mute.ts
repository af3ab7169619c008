// A downtime over a planned stress run: the monitors stay, their messages do not go out.
import type { Clock } from './clock.ts';
import type { Datadog } from './datadog.ts';

export type Mute = {
  /** Ends the downtime; it ends by itself at the time that was planned when this is never called. */
  release(): Promise<void>;
};

/**
 * Silences headroom's monitors of a host for at most `plannedS` seconds and five minutes. Downtimes that a killed run left for
 * the same host are ended first.
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
  const tags = ['managed_by:headroom', `headroom_host:${host.toLowerCase()}`];
  const end = new Date(clock.now() + (plannedS + 300) * 1000);
  const id = await datadog.createDowntime(tags, `${marker(host)} (run ${run})`, end);
  return { release: () => datadog.cancelDowntime(id) };
}

/** Ends every downtime that headroom has set for the host; gives how many there were. */
export async function unmuteMonitors(datadog: Datadog, host: string): Promise<number> {
  const left = (await datadog.listDowntimes()).filter(({ message }) => message.startsWith(`${marker(host)} (`));
  for (const { id } of left) await datadog.cancelDowntime(id);
  return left.length;
}

function marker(host: string): string {
  return `headroom stresses ${host}`;
}

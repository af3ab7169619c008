// CPU-seconds of the app's processes, and of nginx in the path.
import { present } from '../../model/present.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';

/** See StageRecord. */
export type CpuUsed = Pick<StageRecord, 'appCpuS' | 'nginxCpuS'>;

/** From one reading to a later one. */
export function usedSince(before: CpuUsed, now: CpuUsed): CpuUsed {
  const since = (of: keyof CpuUsed) => {
    const [from, to] = [before[of], now[of]];
    return from === undefined || to === undefined ? undefined : Math.max(0, to - from);
  };
  return present({ appCpuS: since('appCpuS'), nginxCpuS: since('nginxCpuS') });
}

/** Over several visits; a figure that none of them has is absent. */
export function sumUsed(visits: readonly CpuUsed[]): CpuUsed {
  const sum = (of: keyof CpuUsed) => {
    const known = visits.flatMap((visit) => visit[of] ?? []);
    return known.length > 0 ? known.reduce((total, each) => total + each, 0) : undefined;
  };
  return present({ appCpuS: sum('appCpuS'), nginxCpuS: sum('nginxCpuS') });
}

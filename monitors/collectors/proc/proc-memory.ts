// /proc/meminfo and /proc/loadavg under the names and in the units of the metric catalogue.

/**
 * Memory, all in bytes. As in Datadog's agent `used` is all but free pages, and `usable` what the kernel could give to programs: the two
 * overlap by the page cache. `usable` is absent on kernels before 3.14.
 */
export function memoryMetrics(total?: number, free?: number, usable?: number): Readonly<Record<string, number>> {
  return {
    ...(total !== undefined && { 'system.mem.total': total }),
    ...(total !== undefined && free !== undefined && { 'system.mem.used': total - free }),
    ...(usable !== undefined && { 'system.mem.usable': usable }),
    ...(total !== undefined && usable !== undefined && { 'system.mem.pct_usable': usable / total }),
  };
}

/** The same of /proc/meminfo. */
export function parseMeminfo(meminfo: string): Readonly<Record<string, number>> {
  const bytes = (name: string) => {
    const [, kilobytes] = new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(meminfo) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  };
  return memoryMetrics(bytes('MemTotal'), bytes('MemFree'), bytes('MemAvailable'));
}

/** Run-queue averages over 1, 5 and 15 minutes, as they are and divided by the number of cores. */
export function loadMetrics(averages: readonly number[], cores: number): Readonly<Record<string, number>> {
  return Object.fromEntries(
    ([1, 5, 15] as const).flatMap((minutes, index) => {
      const load = averages[index];
      if (load === undefined || Number.isNaN(load)) return [];
      return [
        [`system.load.${minutes}`, load],
        [`system.load.norm.${minutes}`, load / cores],
      ];
    }),
  );
}

/** The three averages of /proc/loadavg. */
export function parseLoadAverages(loadavg: string): number[] {
  return loadavg.trim().split(' ').slice(0, 3).map(Number);
}

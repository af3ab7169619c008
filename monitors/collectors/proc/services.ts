// The programs on the host that use the most CPU and memory.

/** CPU in percent of one core. */
type Use = { cpuPercent: number; rssBytes: number };

/** A program is listed from the first sample in which it uses one percent of a core or 50 MiB. */
const minCpuPercent = 1;
const minRssBytes = 50 * 1024 ** 2;
const maxServices = 8;

/**
 * Returns a function that adds up the processes of one sample by name and selects the services: of those that ever exceeded the minimum
 * (so that a program stays listed while it is idle) the 8 with the highest share of the host's CPU plus share of its memory. Memory is
 * resident set size: pages that processes share count in each.
 */
export function createServiceList(host: { readonly cores: number; readonly memoryBytes: number }) {
  const seen = new Set<string>();
  return (processes: Iterable<Use & { readonly name: string }>): Record<string, Readonly<Use>> => {
    const byName = new Map<string, Use>();
    for (const { name, cpuPercent, rssBytes } of processes) {
      const service = byName.get(name);
      if (service) {
        service.cpuPercent += cpuPercent;
        service.rssBytes += rssBytes;
      } else byName.set(name, { cpuPercent, rssBytes });
    }
    const share = (service: Use) => service.cpuPercent / (100 * host.cores) + service.rssBytes / host.memoryBytes;
    for (const [name, service] of byName)
      if (service.cpuPercent >= minCpuPercent || service.rssBytes >= minRssBytes) seen.add(name);
    return Object.fromEntries(
      [...byName]
        .filter(([name]) => seen.has(name))
        .sort(([, a], [, b]) => share(b) - share(a))
        .slice(0, maxServices),
    );
  };
}

import type { WantedMonitor } from '../spec/wanted-monitor.ts';

/** A monitor in the names of Datadog's API: the body that creates it. */
export function wireMonitor({ key: _, ...monitor }: WantedMonitor): Readonly<Record<string, unknown>> {
  return snakeCased(monitor) as Readonly<Record<string, unknown>>;
}

/** The client's names are those of the API in camel case. */
function snakeCased(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(snakeCased);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [
      name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      snakeCased(each),
    ]),
  );
}

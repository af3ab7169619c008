// The message of a monitor for one of its states, as an annotation of Prometheus.
import type { MonitorDefinition } from '../spec/definition.ts';

export type AlertState = 'alert' | 'warning' | 'no_data';

/** What stands for `{{value}}`: as many digits as people read. */
const valueTemplate = '{{ printf "%.4g" $value }}';

/** The text of one state; undefined when the message says nothing of it. A variable of Datadog's that Prometheus lacks is its name in brackets. */
export function annotationOf(
  { message, thresholds }: Pick<MonitorDefinition, 'message' | 'thresholds'>,
  state: AlertState,
  host: string,
): string | undefined {
  const texts = [...message.matchAll(/\{\{#is_(\w+)\}\}([\s\S]*?)\{\{\/is_\1\}\}/g)];
  const text = texts.find(([, name]) => name === state)?.[2];
  const known: Readonly<Record<string, string>> = {
    value: valueTemplate,
    'host.name': host,
    threshold: String(thresholds.critical),
    warn_threshold: String(thresholds.warning),
  };
  return text?.replace(/\{\{\{?\s*([^{}]*?)\s*\}?\}\}/g, (_, name: string) => known[name] ?? `[${name}]`).trim();
}

/** The annotation as Prometheus fills it for this value. */
export function filledAnnotation(annotation: string, value: number): string {
  return annotation.replaceAll(valueTemplate, String(Number(value.toPrecision(4))));
}

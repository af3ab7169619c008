// The message of a monitor for one of its states, as an annotation of Prometheus.
import type { MonitorDefinition } from '../spec/definition.ts';

export type AlertState = 'alert' | 'warning' | 'no_data';

/** What stands for `{{value}}`: as many digits as people read. */
const valueTemplate = '{{ printf "%.4g" $value }}';

/** The text of one state with what stands outside of all conditions; undefined when the message says nothing of it. */
export function annotationOf(
  definition: Pick<MonitorDefinition, 'message' | 'thresholds'>,
  state: AlertState,
  host: string,
): string | undefined {
  const condition = /\{\{([#^])(is_\w+)[^{}]*\}\}([\s\S]*?)\{\{\/\2\}\}/g;
  const ofState = definition.message.replace(condition, (_, sign: string, name: string, text: string) =>
    (name === `is_${state}`) === (sign === '#') ? text : '',
  );
  return filled(ofState, definition, host).trim() || undefined;
}

/** A text whose variables of Datadog's are those of Prometheus; what Prometheus lacks is its name in brackets. */
export function filled(text: string, { thresholds }: Pick<MonitorDefinition, 'thresholds'>, host: string): string {
  const known: Readonly<Record<string, string>> = {
    value: valueTemplate,
    'host.name': host,
    threshold: String(thresholds.critical),
    ...(thresholds.warning !== undefined && { warn_threshold: String(thresholds.warning) }),
  };
  return text.replace(/\{\{\{?\s*([^{}]*?)\s*\}?\}\}/g, (_, name: string) => known[name] ?? `[${name}]`);
}

/** The annotation as Prometheus fills it for this value. */
export function filledAnnotation(annotation: string, value: number): string {
  return annotation.replaceAll(valueTemplate, String(Number(value.toPrecision(4))));
}

import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** The only monitor that alerts on missing data; idle is never below 0, so it never alerts on a value. */
export function hostSilent({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'host-silent',
    file: 'monitors/definitions/host-silent.ts',
    name: '{{host.name}} has stopped reporting',
    series: `min(last_10m):min:system.cpu.idle{host:${host}}`,
    comparator: '<',
    thresholds: { critical: 0 },
    message: [
      '{{#is_no_data}}{{host.name}} has sent nothing for ten minutes: is the machine, or the Datadog agent, down?{{/is_no_data}}',
      '{{#is_no_data_recovery}}{{host.name}} reports again.{{/is_no_data_recovery}}',
    ].join('\n'),
    recipients,
    priority: 1,
    tags,
    missingData: 'notify',
  };
}

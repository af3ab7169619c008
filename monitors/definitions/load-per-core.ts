import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** Two runnable programs for every core, for ten minutes: work arrives faster than it is done. */
export function loadPerCore({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'load-per-core',
    file: 'monitors/definitions/load-per-core.ts',
    name: 'Programs wait for a core on {{host.name}}',
    series: `min(last_10m):avg:system.load.norm.1{host:${host}}`,
    comparator: '>',
    thresholds: { critical: 2, warning: 1 },
    message: [
      '{{#is_alert}}{{value}} programs per core have wanted to run on {{host.name}} for ten minutes.{{/is_alert}}',
      '{{#is_recovery}}The run queue of {{host.name}} is short again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 3,
    tags,
    missingData: 'ignore',
  };
}

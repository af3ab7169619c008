import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** The monitor that every such box got by hand: any moment in five minutes with half of the CPU in the programs. */
export function cpuUser({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'cpu-user',
    file: 'monitors/definitions/cpu-user.ts',
    name: 'CPU load is very high on {{host.name}}',
    series: `max(last_5m):max:system.cpu.user{host:${host}}`,
    comparator: '>=',
    thresholds: { critical: 50 },
    message: [
      '{{#is_alert}}High CPU detected on {{host.name}}: programs used {{value}} % of it (the limit is {{threshold}} %). Is a build running, or is the app under load?{{/is_alert}}',
      '{{#is_recovery}}CPU on {{host.name}} is back to normal ({{value}} %).{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 1,
    tags,
    missingData: 'ignore',
  };
}

import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** system.cpu.user leaves the kernel's time out, and a web server spends a third of its CPU there: this counts all but idle. */
export function cpuTotal({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'cpu-total',
    file: 'monitors/definitions/cpu-total.ts',
    name: 'CPU of {{host.name}} is used up',
    series: `avg(last_5m):100 - avg:system.cpu.idle{host:${host}}`,
    comparator: '>',
    thresholds: { critical: 90, warning: 75, criticalRecovery: 80 },
    message: [
      '{{#is_alert}}{{host.name}} had no CPU left for five minutes: {{value}} % used. Requests queue now.{{/is_alert}}',
      '{{#is_warning}}{{host.name}} uses {{value}} % of its CPU.{{/is_warning}}',
      '{{#is_recovery}}{{host.name}} has CPU to spare again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 2,
    tags,
    missingData: 'ignore',
  };
}

import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** A t2.micro has 1 GiB: Jenkins and the app together come close, and then the kernel kills one of them. */
export function memoryUsable({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'memory-usable',
    file: 'monitors/definitions/memory-usable.ts',
    name: 'Memory of {{host.name}} is nearly used up',
    series: `avg(last_5m):avg:system.mem.pct_usable{host:${host}}`,
    comparator: '<',
    thresholds: { critical: 0.1, warning: 0.2, criticalRecovery: 0.15 },
    message: [
      '{{#is_alert}}Only a fraction of {{value}} of the memory of {{host.name}} is usable. The kernel may kill Jenkins or the app next.{{/is_alert}}',
      '{{#is_recovery}}{{host.name}} has memory to spare again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 2,
    tags,
    missingData: 'ignore',
  };
}

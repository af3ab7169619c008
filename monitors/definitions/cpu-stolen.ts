import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** Stolen time is what the hypervisor withholds: on a t2 the sign that it is throttled right now. */
export function cpuStolen({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'cpu-stolen',
    file: 'monitors/definitions/cpu-stolen.ts',
    name: '{{host.name}} is throttled',
    series: `avg(last_5m):avg:system.cpu.stolen{host:${host}}`,
    comparator: '>',
    thresholds: { critical: 20, warning: 5 },
    message: [
      '{{#is_alert}}The hypervisor withheld {{value}} % of the CPU of {{host.name}} for five minutes: its CPU credits are used up.{{/is_alert}}',
      '{{#is_recovery}}{{host.name}} gets the CPU that it asks for again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 2,
    tags,
    missingData: 'ignore',
  };
}

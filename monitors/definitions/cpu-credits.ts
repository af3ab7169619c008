import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** A t2 without credits falls to its credit baseline (10 % of a core on a t2.micro): this says so before it happens. */
export function cpuCredits({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'cpu-credits',
    file: 'monitors/definitions/cpu-credits.ts',
    name: 'CPU credits of {{host.name}} run out',
    // CloudWatch gives this one every 5 minutes and Datadog crawls it every 10: a shorter window is mostly empty.
    series: `min(last_30m):min:aws.ec2.cpucredit_balance{host:${host}}`,
    comparator: '<',
    thresholds: { critical: 20, warning: 60 },
    message: [
      '{{#is_alert}}{{host.name}} has {{value}} CPU credits left: at full CPU that is as many minutes of one core. Then it is throttled to its credit baseline.{{/is_alert}}',
      '{{#is_warning}}{{host.name}} has {{value}} CPU credits left.{{/is_warning}}',
      '{{#is_recovery}}{{host.name}} has earned CPU credits again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 2,
    tags,
    missingData: 'ignore',
    evaluationDelayS: 900,
  };
}

import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** Latency as headroom measured it from outside, published while a run goes; silent between runs. */
export function appP99({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  return {
    key: 'app-p99',
    file: 'monitors/definitions/app-p99.ts',
    name: 'The app on {{host.name}} is slow',
    series: `avg(last_5m):max:headroom.latency.p99_ms{host:${host}}`,
    comparator: '>',
    thresholds: { critical: 100, warning: 50 },
    message: [
      '{{#is_alert}}One request in a hundred to the app on {{host.name}} takes more than {{value}} ms.{{/is_alert}}',
      '{{#is_recovery}}The app on {{host.name}} answers in time again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 3,
    tags,
    missingData: 'ignore',
  };
}

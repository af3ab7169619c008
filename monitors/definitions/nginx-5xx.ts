import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';

/** Share of nginx's answers that are its fault or the app's. Open-source nginx counts them with the VTS module only. */
export function nginx5xx({ host, recipients, tags }: DefinitionContext): MonitorDefinition {
  const sum = (metric: string) => `sum:nginx.server_zone.responses.${metric}{host:${host}}.as_count()`;
  return {
    key: 'nginx-5xx',
    file: 'monitors/definitions/nginx-5xx.ts',
    name: 'nginx on {{host.name}} answers with errors',
    series: `sum(last_5m):${sum('5xx')} / ${sum('total')} * 100`,
    comparator: '>',
    thresholds: { critical: 1, warning: 0.5 },
    message: [
      '{{#is_alert}}{{value}} % of the answers of nginx on {{host.name}} were 5xx: is the app behind it up?{{/is_alert}}',
      '{{#is_recovery}}nginx on {{host.name}} answers well again.{{/is_recovery}}',
    ].join('\n'),
    recipients,
    priority: 2,
    tags,
    missingData: 'ignore',
  };
}

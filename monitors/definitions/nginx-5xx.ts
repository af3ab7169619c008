import type { DefineMonitor } from '../spec/definition.ts';

/**
 * Share of nginx's responses that are 5xx. Open-source nginx counts them with the VTS module only. Datadog's check sends each total as
 * a gauge, and under `_count` as a COUNT.
 */
const define: DefineMonitor = (host) => {
  const sum = (metric: string) => `sum:nginx.server_zone.${metric}{host:${host}}.as_count()`;
  return {
    name: `nginx returns 5xx responses on ${host}`,
    series: `sum(last_5m):${sum('responses.5xx_count')} / ${sum('requests_count')} * 100`,
    comparator: '>',
    thresholds: { critical: 1, warning: 0.5 },
    message: [
      '{{#is_alert}}{{value}} % of the responses of nginx on {{host.name}} were 5xx over five minutes. Check that the app behind it is running.{{/is_alert}}',
      '{{#is_recovery}}The share of 5xx responses of nginx on {{host.name}} is back to normal ({{value}} %).{{/is_recovery}}',
    ].join('\n'),
    priority: 2,
    missingData: 'ignore',
    alertsWhen: "more than 1 % of nginx's responses are 5xx over five minutes",
    runbook:
      'Read `journalctl -u headroom@current` and `/var/log/nginx/headroom.error.log`. If a deployment came just before, roll it back: `deploy/release.sh --back`.',
  };
};
export default define;

import type { DefineMonitor } from '../spec/definition.ts';

/** Latency as headroom measures it from outside and publishes it during a run; without data between runs. */
const define: DefineMonitor = (host) => ({
  name: `App latency is high on ${host}`,
  series: `avg(last_5m):max:headroom.latency.p99_ms{host:${host}}`,
  comparator: '>',
  thresholds: { critical: 100, warning: 50 },
  message: [
    '{{#is_alert}}The 99th percentile of latency on {{host.name}} averages {{value}} ms over five minutes (threshold: {{threshold}} ms).{{/is_alert}}',
    '{{#is_recovery}}The 99th percentile of latency on {{host.name}} is back to normal ({{value}} ms).{{/is_recovery}}',
  ].join('\n'),
  priority: 3,
  missingData: 'ignore',
  alertsWhen: 'the 99th percentile of latency averages more than 100 ms over five minutes (needs `--publish`)',
  runbook:
    'Read `journalctl -u headroom@current` and `/var/log/nginx/headroom.error.log`. If a deployment came just before, roll it back: `deploy/release.sh --back`.',
});
export default define;

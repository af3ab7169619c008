import type { DefineMonitor } from '../spec/definition.ts';

/** Counts all CPU time but idle. system.cpu.user leaves out kernel time, which is a third of a web server's CPU. */
const define: DefineMonitor = (host) => ({
  name: `CPU is saturated on ${host}`,
  series: `avg(last_5m):100 - avg:system.cpu.idle{host:${host}}`,
  comparator: '>',
  thresholds: { critical: 90, warning: 75, criticalRecovery: 80 },
  message: [
    '{{#is_alert}}{{host.name}} used {{value}} % of its CPU over five minutes. Requests are queuing.{{/is_alert}}',
    '{{#is_warning}}{{host.name}} used {{value}} % of its CPU over five minutes.{{/is_warning}}',
    '{{#is_recovery}}CPU use on {{host.name}} is back to normal ({{value}} %).{{/is_recovery}}',
  ].join('\n'),
  priority: 2,
  missingData: 'ignore',
  alertsWhen: 'the CPU is more than 90 % busy over five minutes',
  runbook:
    'Run `top` on the host. If the shortener uses the CPU, compare with the last report: more traffic, or more CPU per request? In the second case roll back (`deploy/release.sh --back`) and review what the release changed.',
});
export default define;

import type { DefineMonitor } from '../spec/definition.ts';

/** A t2.micro has 1 GiB: Jenkins and the app together come close to it, and then the kernel kills one of them. */
const define: DefineMonitor = (host) => ({
  name: `Memory is low on ${host}`,
  series: `avg(last_5m):avg:system.mem.pct_usable{host:${host}}`,
  comparator: '<',
  thresholds: { critical: 0.1, warning: 0.2, criticalRecovery: 0.15 },
  message: [
    '{{#is_alert}}Usable memory on {{host.name}} fell to a fraction of {{value}} (threshold: {{threshold}}). The kernel may kill Jenkins or the app.{{/is_alert}}',
    '{{#is_recovery}}Usable memory on {{host.name}} is back to normal (a fraction of {{value}}).{{/is_recovery}}',
  ].join('\n'),
  priority: 2,
  missingData: 'ignore',
  alertsWhen: 'less than 10 % of the memory is usable over five minutes',
  runbook:
    'Usually Jenkins beside a build. `systemctl restart jenkins` frees its memory and does not affect the shortener.',
});
export default define;

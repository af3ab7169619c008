import type { DefineMonitor } from '../spec/definition.ts';

/** Two runnable threads for every core over ten minutes: work arrives faster than it is completed. */
const define: DefineMonitor = (host) => ({
  name: `Load average is high on ${host}`,
  series: `min(last_10m):avg:system.load.norm.1{host:${host}}`,
  comparator: '>',
  thresholds: { critical: 2, warning: 1 },
  message: [
    '{{#is_alert}}The load average of {{host.name}} stayed at {{value}} per core or above for ten minutes.{{/is_alert}}',
    '{{#is_recovery}}The load average of {{host.name}} is back to normal ({{value}} per core).{{/is_recovery}}',
  ].join('\n'),
  priority: 3,
  missingData: 'ignore',
  alertsWhen: 'the load average per core stays above 2 for ten minutes',
  runbook: 'Proceed as for `cpu-total`. If the CPU is idle, threads are waiting for the disk: check `iostat -x 5`.',
});
export default define;

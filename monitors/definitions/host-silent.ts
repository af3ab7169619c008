import type { DefineMonitor } from '../spec/definition.ts';

/** The only monitor that alerts on missing data; idle is never below 0, so it never alerts on a value. */
const define: DefineMonitor = (host) => ({
  name: `No metrics from ${host}`,
  series: `min(last_10m):min:system.cpu.idle{host:${host}}`,
  comparator: '<',
  thresholds: { critical: 0 },
  message: [
    '{{#is_no_data}}{{host.name}} has sent no metrics for ten minutes. Check that the host and its Datadog agent are running.{{/is_no_data}}',
    '{{#is_no_data_recovery}}{{host.name}} sends metrics again.{{/is_no_data_recovery}}',
  ].join('\n'),
  priority: 1,
  missingData: 'notify',
  alertsWhen: 'the host sends no metrics for ten minutes',
  runbook:
    'Run `systemctl status datadog-agent` on the host. If the host does not answer, check the instance in the EC2 console.',
});
export default define;

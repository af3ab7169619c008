import type { DefineMonitor } from '../spec/definition.ts';

/** The monitor that was made by hand for each host before: user CPU of 50 % at any moment of five minutes. */
const define: DefineMonitor = (host) => ({
  name: `CPU load is very high on ${host}`,
  series: `max(last_5m):max:system.cpu.user{host:${host}}`,
  comparator: '>=',
  thresholds: { critical: 50 },
  message: [
    '{{#is_alert}}High CPU detected on {{host.name}}: user CPU reached {{value}} % (threshold: {{threshold}} %). Check for a running build and for load on the app.{{/is_alert}}',
    '{{#is_recovery}}CPU on {{host.name}} is back to normal ({{value}} %).{{/is_recovery}}',
  ].join('\n'),
  priority: 1,
  missingData: 'ignore',
  alertsWhen: 'user CPU reaches 50 % at any moment of five minutes',
  runbook:
    'Run `top` on the host. A build takes the CPU for a minute and the monitor recovers by itself; the shortener alone should not fire it. If it did, proceed as for `cpu-total`.',
});
export default define;

import type { DefineMonitor } from '../spec/definition.ts';

/** Stolen time is CPU that the hypervisor withholds: on a T2 instance the sign that it is throttled now. */
const define: DefineMonitor = (host) => ({
  name: `CPU is throttled on ${host}`,
  series: `avg(last_5m):avg:system.cpu.stolen{host:${host}}`,
  comparator: '>',
  thresholds: { critical: 20, warning: 5 },
  message: [
    '{{#is_alert}}The hypervisor withheld {{value}} % of the CPU of {{host.name}} over five minutes. The instance may be out of CPU credits.{{/is_alert}}',
    '{{#is_recovery}}The hypervisor no longer withholds CPU from {{host.name}} ({{value}} %).{{/is_recovery}}',
  ].join('\n'),
  priority: 2,
  missingData: 'ignore',
  alertsWhen:
    'the hypervisor withholds more than 20 % of the CPU over five minutes (no CPU credits, or busy neighbours)',
  runbook:
    'Check the CPU credits (the dashboard, or CloudWatch). If they are used up, proceed as for `cpu-credits`; if not, stop and start the instance, which moves it to another machine (and changes its public address).',
});
export default define;

import type { DefineMonitor } from '../spec/definition.ts';

/** A T2 instance without CPU credits is throttled to its baseline performance (10 % of a core on a t2.micro): this warns before that. */
const define: DefineMonitor = (host) => ({
  name: `CPU credits are low on ${host}`,
  // CloudWatch has a value every 5 minutes and Datadog fetches it every 10: a shorter window is mostly empty.
  series: `min(last_30m):min:aws.ec2.cpucredit_balance{host:${host}}`,
  comparator: '<',
  thresholds: { critical: 20, warning: 60 },
  message: [
    '{{#is_alert}}{{host.name}} has {{value}} CPU credits left, that is {{value}} minutes of one core at full use. Without credits it is throttled to its baseline performance.{{/is_alert}}',
    '{{#is_warning}}{{host.name}} has {{value}} CPU credits left.{{/is_warning}}',
    '{{#is_recovery}}{{host.name}} has {{value}} CPU credits again.{{/is_recovery}}',
  ].join('\n'),
  priority: 2,
  missingData: 'ignore',
  evaluationDelayS: 900,
  alertsWhen: 'fewer than 20 CPU credits are left on a burstable instance (needs the AWS integration)',
  runbook:
    'Stop what uses the CPU (`top`), or switch to unlimited mode: `aws ec2 modify-instance-credit-specification --instance-credit-specification InstanceId=i-...,CpuCredits=unlimited` (0.05 USD per vCPU hour above the baseline). If it recurs, use a larger type (`InstanceType` of the stack).',
});
export default define;

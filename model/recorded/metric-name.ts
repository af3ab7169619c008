// Which metric a heading, a label or a name of some program means.
import type { Statistic } from './recorded-file.ts';

export type NamedMetric = {
  readonly metric: string;
  /** Absent when the name does not say. */
  readonly statistic?: Statistic;
  /** The values are CPU in use, and `metric` is the idle time. */
  readonly inverted?: boolean;
};

export const memoryPercent = 'memory.used_percent';

/** Bytes that the machine sent and received. */
export const networkMetrics = { out: 'network.out', in: 'network.in' } as const;

/** The first that matches decides. Names are compared in lower case, without spaces, `_` and `-`. */
const known: readonly (readonly [pattern: RegExp, metric: string])[] = [
  [/surpluscreditbalance/, 'aws.ec2.cpusurplus_credit_balance'],
  [/surpluscreditscharged/, 'aws.ec2.cpusurplus_credits_charged'],
  [/creditbalance/, 'aws.ec2.cpucredit_balance'],
  [/creditusage/, 'aws.ec2.cpucredit_usage'],
  [/cpuutili[sz]ation/, 'aws.ec2.cpuutilization'],
  [/networkout|net\.?bytessent|bytessent/, networkMetrics.out],
  [/networkin(?!terface)|net\.?bytesrcvd|bytesrcvd/, networkMetrics.in],
  [/mem\.total|memtotal/, 'system.mem.total'],
  [/mem\.usable|mem(ory)?available(?!percent)/, 'system.mem.usable'],
  [/mem\.pctusable/, 'system.mem.pct_usable'],
  [/mem(ory)?(used)?(percent|%|utili)|%mem/, memoryPercent],
  [/mem\.used|mem(ory)?used/, 'system.mem.used'],
  [/iowait/, 'system.cpu.iowait'],
  [/stolen|steal/, 'system.cpu.stolen'],
  [/idle/, 'system.cpu.idle'],
  [/(cpu\.?|usage)us(e)?r|%us(e?r|$)|^us(e)?r/, 'system.cpu.user'],
  [/(cpu\.?|usage)sys|%sys|^sys(tem)?%?$/, 'system.cpu.system'],
  [/(cpu\.?|usage)nice|%nice|^nice%?$/, 'system.cpu.nice'],
  [/(cpu\.?|usage)softirq|%soft|^soft(irq)?%?$/, 'system.cpu.softirq'],
  [/(cpu\.?|usage)irq|%irq|^irq%?$/, 'system.cpu.irq'],
];

const statistics: readonly (readonly [pattern: RegExp, statistic: Statistic])[] = [
  [/max(imum)?/, 'max'],
  [/min(imum)?/, 'min'],
  [/sum/, 'sum'],
  [/avg|average|mean/, 'avg'],
];

/** The metric that a name means; undefined for a name that is not known. */
export function nameMetric(given: string): NamedMetric | undefined {
  const name = withoutHosts(given);
  if (isOtherStatistic(name)) return undefined;
  const plain = name.toLowerCase().replace(/[\s_-]+/g, '');
  const statistic = statisticOf(name);
  const said = statistic && { statistic };
  const found = known.find(([pattern]) => pattern.test(plain));
  if (found?.[1] === cpuInUse.metric && isRestOfIdle(name)) return cpuInUse;
  if (found) return { metric: found[1], ...(found[1].endsWith('_usage') ? { statistic: statistic ?? 'sum' } : said) };
  if ((/cpu|%processortime/.test(plain) || isUseAlone(plain)) && !isOtherThanCpu(name)) return { ...cpuInUse, ...said };
  return statistic && isStatisticAlone(name) ? { ...cpuInUse, statistic } : undefined;
}

/** Whether a name is that of a statistic, and says not of what. */
export function isStatisticAlone(name: string): boolean {
  return /^\s*(max|min|avg|sum|average|mean|maximum|minimum)\s*$/i.test(name);
}

/** What names a machine says nothing about its metric: `host="admin-1"` is no minimum. */
function withoutHosts(name: string): string {
  return name.replace(
    /(\b(host(name)?|instance|nodename|job|pod)\s*=~?|(?<=[{,]\s*)(host|service|env):)\s*("[^"]*"|[^\s",})]+)/gi,
    '',
  );
}

/** `100 - (avg(rate(node_cpu_seconds_total{mode="idle"}[5m])) * 100)` is CPU in use, and so are all modes but idle. */
function isRestOfIdle(name: string): boolean {
  return /(^|[(*+]\s*)(1|100)(\.0+)?\s*-\s*[(a-z]|![=~]\s*"idle/i.test(name);
}

/** Whether a name says that its values are in percent. */
export function isPercentName(name: string): boolean {
  return /%|[Pp]ercent|PERCENT|CPUUtilization|^\(*100\s*-|\*\s*100\b/.test(name);
}

/** Whether a name says that its values are not those of all CPUs: percent of one core, or a number of cores. */
export function isOfCores(name: string): boolean {
  return /\bcores?\b|cpu\.\w+\.pct/i.test(name) && !/\ball\b/i.test(name);
}

/** Whether values say neither how much was used on average nor at most: percentiles, counts, deviations. */
export function isOtherStatistic(name: string): boolean {
  return /percentile|\bp\d\d(\.\d+)?\b|sample ?count|std ?dev|\b(tm|tc|ts|wm|pr|iqm)\(?\d/i.test(name);
}

/** A name that says use and not of what: `usage`, `Utilization Maximum`, `used %`. */
function isUseAlone(plain: string): boolean {
  const rest = plain.replace(/[()[\]%]|percent(age)?|max(imum)?|min(imum)?|avg|average|mean/g, '');
  return /^(usage(active)?|util(i[sz]ation)?|busy|used)$/.test(rest) || (rest === '' && /%|percent/.test(plain));
}

/** Whether a name is that of something else than CPU, even when it has `cpu` in it or nothing else is in the file. */
export function isOtherThanCpu(name: string): boolean {
  const words = wordsOf(withoutHosts(name));
  return (
    isOtherStatistic(name) ||
    /(^|[^a-z])(mem|swap|disk|network|bytes|latency|request|heap|jvm|queue|guest)/.test(words) ||
    (/load/.test(words) && !/cpu/.test(words)) ||
    // A domain ends in .net.
    /(^|[^a-z])(fs|gc|(?<!\.)net|net(?=\.)|counts?|conn(ection)?s?|(thread)?pools?|ms|s)($|[^a-z])/.test(words)
  );
}

/** In lower case, with blanks inside `maxCpu`. */
function wordsOf(name: string): string {
  return name.replace(/([a-z])(?=[A-Z])/g, '$1 ').toLowerCase();
}

/** Whether values of a name that does not say percent can be a sum over CPUs, a number of cores. */
export function canBeSum(name: string): boolean {
  return /^(_?values?|\d*)$|^\{|sum|rate\s*\(|_seconds/i.test(name);
}

/** CPU in use by a name that does not say more. */
export const cpuInUse: NamedMetric = { metric: 'system.cpu.idle', inverted: true };

/** The statistic in a name like `CPUUtilization Maximum` or `max:system.cpu.user`. */
export function statisticOf(name: string): Statistic | undefined {
  const words = wordsOf(name).split(/[^a-z]+/);
  return statistics.find(([pattern]) => words.some((word) => pattern.exec(word)?.[0] === word))?.[1];
}

/** Metrics that are percentages of all vCPUs. */
export function isCpuPercent(metric: string): boolean {
  return metric.startsWith('system.cpu.') || metric === 'aws.ec2.cpuutilization';
}

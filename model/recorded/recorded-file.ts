// A file of recorded metrics, whatever program wrote it.
import type { Finding } from '../finding.ts';
import type { JsonObject } from '../json-object.ts';
import { UserError } from '../user-error.ts';

export type Statistic = 'avg' | 'max' | 'min' | 'sum';

/** One metric in order of time. Point `i` is the value over `begins[i]` to `ends[i]`, in milliseconds since 1970. */
export type RecordedMetric = {
  /** Datadog's name for it: `aws.ec2.cpuutilization`, `system.cpu.idle`. CPU is in percent of all vCPUs, memory in bytes or percent. */
  readonly metric: string;
  /** How a point sums up its period. */
  readonly statistic: Statistic;
  readonly begins: Float64Array;
  readonly ends: Float64Array;
  readonly values: Float64Array;
};

export type RecordedFile = {
  readonly file: string;
  readonly format: FormatCode;
  /** Absent when the file does not name it. */
  readonly host?: string;
  readonly instanceType?: string;
  readonly metrics: readonly RecordedMetric[];
  /** Length of the samples of which a maximum of CPU is the highest, in seconds; absent when the format does not say. */
  readonly sampleS?: number;
  /** What was assumed or left out. */
  readonly notes: readonly Finding[];
};

type FormatCode =
  | 'cloudwatch-statistics'
  | 'cloudwatch-data'
  | 'cloudwatch-console'
  | 'metrics-pull'
  | 'datadog-query'
  | 'prometheus-range'
  | 'azure-metrics'
  | 'google-series'
  | 'line-protocol'
  | 'sadf-json'
  | 'sadf-rows'
  | 'sar-text'
  | 'csv';

/** Programs that name a machine alike; what others call it cannot be compared. */
const namings: Partial<Record<FormatCode, string>> = {
  'metrics-pull': 'datadog',
  'datadog-query': 'datadog',
  'prometheus-range': 'prometheus',
  'line-protocol': 'hostname',
  'sadf-json': 'hostname',
  'sadf-rows': 'hostname',
  'sar-text': 'hostname',
};

type OfHost = { readonly file: string } & Pick<RecordedFile, 'format' | 'host'>;

/** Throws a UserError when two parts of a record are of different machines. */
export function refuseOtherHost(parts: readonly OfHost[]): void {
  const first = new Map<string, OfHost>();
  for (const part of parts) {
    const { format, host } = part;
    if (host === undefined) continue;
    const naming = namings[format] ?? format;
    const before = first.get(naming) ?? part;
    first.set(naming, before);
    // The port is that of an exporter.
    if (machineOf(before.host ?? '') !== machineOf(host))
      throw new UserError(`${before.file} is of ${before.host} and ${part.file} of ${host}. Give files of one machine`);
  }
}

function machineOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/, '');
}

/**
 * Seconds of a sample of CPU. The hypervisor of EC2 measures five samples in each five minutes
 * (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/ec2-metricscollected.html), Azure collects one a minute, Datadog's agent four.
 */
const sampleSeconds: Partial<Record<FormatCode, number>> = {
  'cloudwatch-statistics': 60,
  'cloudwatch-data': 60,
  'cloudwatch-console': 60,
  'azure-metrics': 60,
  'metrics-pull': 15,
  'datadog-query': 15,
};

/** Undefined when it is not known, as of what Datadog took over from CloudWatch. */
export function sampleSecondsOf(
  format: FormatCode,
  metrics: readonly Pick<RecordedMetric, 'metric'>[],
): number | undefined {
  const isOfHypervisor = metrics.some(({ metric }) => metric === 'aws.ec2.cpuutilization');
  return format.startsWith('cloudwatch') === isOfHypervisor || format === 'azure-metrics'
    ? sampleSeconds[format]
    : undefined;
}

/** What a user says about files that do not say it. */
export type ReadOptions = {
  /** IANA name of the zone of times without one (UTC). */
  readonly zone?: string | undefined;
  /** Of values of CPU and of memory whose unit cannot be seen. */
  readonly unit?: 'percent' | 'fraction' | undefined;
  /** Of the machine that was recorded, where it is known: a sum over CPUs goes up to so many. */
  readonly vcpus?: number | undefined;
  /** The host to read, where a file has several. */
  readonly host?: string | undefined;
  /** What a single series without a name is (CPU in use). */
  readonly single?: 'memory';
};

/** A metric as a format's reader finds it: in the order of the file. */
export type Draft = {
  readonly metric: string;
  readonly statistic: Statistic;
  /** Which end of a point's period its time is. */
  readonly stamped: 'begin' | 'end';
  /** Length of the periods in seconds; absent when the file does not say. */
  readonly intervalS?: number;
  readonly times: number[];
  readonly values: number[];
  /** Where point `index` stands: `line 12`. */
  readonly placeOf: (index: number) => string;
  /** Values are CPU in use: `metric` is the idle time. */
  readonly inverted?: boolean;
  /** Whether percent or a share of 1 is not said. */
  readonly unitUnknown?: boolean;
  /** Bytes of the unit that the name of memory states. */
  readonly unitBytes?: number;
  /** Values may be summed over all CPUs. */
  readonly isSum?: boolean;
  /** The highest value of all series that have the same unit. */
  readonly highest?: number;
};

/** What the reader of one format returns. */
export type Drafts = Pick<RecordedFile, 'format' | 'host' | 'instanceType'> & {
  readonly drafts: readonly Draft[];
  readonly notes?: readonly Finding[];
};

/** The text of a document, put together when a message needs it. */
export type TextOf = () => string;

/** Returns a function that gives the line of the file on which the text of a point's time stands. */
export function lineOfText(text: TextOf, needleOf: (index: number) => string): (index: number) => string {
  return (index) => {
    const content = text();
    const at = content.indexOf(needleOf(index));
    if (at < 0) return `point ${index + 1}`;
    let line = 1;
    for (let from = content.indexOf('\n'); from >= 0 && from < at; from = content.indexOf('\n', from + 1)) line++;
    return `line ${line}`;
  };
}

/** A field that must be a list of objects; else a UserError names it. */
export function objectsOf(value: unknown, file: string, field: string): readonly JsonObject[] {
  if (!Array.isArray(value)) throw new UserError(`${file}: ${field} is not a list`);
  const wrong = value.findIndex((each) => typeof each !== 'object' || each === null);
  if (wrong >= 0) throw new UserError(`${file}: ${field}[${wrong}] is not an object`);
  return value;
}

/** A field that must be a list; else a UserError names it. */
export function listOf(value: unknown, file: string, field: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UserError(`${file}: ${field} is not a list`);
  return value;
}

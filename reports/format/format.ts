// Quantities with three significant digits and a unit. The only place where base units are converted.
import type { Unit } from '../../model/metric.ts';

/** Shown in place of a figure that was not measured. */
export const noData = 'no data';

const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 });

/** A whole number with thousands separators: `1,234,567`. */
export function formatCount(value: number): string {
  return whole.format(value);
}

/** Microseconds as `320 µs`, `12.4 ms` or `1.50 s`. */
export function formatLatency(latencyUs: number): string {
  if (latencyUs === 0) return '0 ms';
  const ms = latencyUs / 1000;
  return ms < 999.5 ? formatCpuTime(ms) : `${significant(ms / 1000)} s`;
}

/** A time in milliseconds: `78.0 µs`, `1.20 ms`. */
export function formatCpuTime(ms: number): string {
  return ms < 0.9995 ? `${significant(1000 * ms)} µs` : `${significant(ms)} ms`;
}

/** Microseconds as an axis shows them, without insignificant digits: `2 ms`, `500 µs`, `1 s`. */
export function formatLatencyTick(latencyUs: number): string {
  if (latencyUs > 0 && latencyUs < 999.5) return `${formatNumber(latencyUs)} µs`;
  const ms = latencyUs / 1000;
  return ms < 999.5 ? `${formatNumber(ms)} ms` : `${formatNumber(ms / 1000)} s`;
}

/** Requests per day: `27.8 million`, `842,000`. */
export function formatDay(requests: number): string {
  const rounded = Number(requests.toPrecision(3));
  return rounded < 1e6 ? formatCount(rounded) : `${significant(rounded / 1e6)} million`;
}

/** A measured rate per second: `7,410/s`, `12.3/s`. */
export function formatRate(perS: number): string {
  return `${significant(perS)}/s`;
}

type Interval = { readonly low?: number | undefined; readonly high?: number | undefined };

/** The same in a sentence, with an interval if there is one: `7,410 requests/s`, `540 requests/s on EC2 (510 to 570)`. */
export function formatRequests(perS: number, interval: Interval = {}, onEc2 = false): string {
  return `${significant(perS)} requests/s${onEc2 ? ' on EC2' : ''}${intervalOf(perS, interval)}`;
}

/** A rate with its interval: `540/s (510 to 570)`; `540/s` when the ends do not differ from it in what is shown. */
export function formatRateInterval({ value, ...interval }: Interval & { readonly value: number }): string {
  return `${formatRate(value)}${intervalOf(value, interval)}`;
}

/** A rate on EC2 with its interval: `1,310/s on EC2 (931 to 1,830)`. */
export function formatEc2Rate({ value, ...interval }: Interval & { readonly value: number }): string {
  return `${formatRate(value)} on EC2${intervalOf(value, interval)}`;
}

function intervalOf(value: number, { low = value, high = value }: Interval): string {
  const [shown, least, most] = [value, low, high].map((perS) => significant(perS));
  return least === shown && most === shown ? '' : ` (${least} to ${most})`;
}

const asGiven = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

/** An intended rate, not rounded, or a ramp: `1,234/s`, `0/s to 1,000/s`. */
export function formatArrivalRate({ from, to }: { readonly from: number; readonly to: number }): string {
  const [first, last] = [from, to].map((perS) => `${asGiven.format(perS)}/s`);
  return first === last ? `${first}` : `${first} to ${last}`;
}

/** Percent: `0 %`, `0.02 %`, `12.3 %`, `100 %`; a small value that would round to zero is `< 0.01 %`. */
export function formatPercent(percent: number): string {
  if (percent === 0) return '0 %';
  if (Math.abs(percent) < 0.01) return '< 0.01 %';
  const digits = Math.abs(percent) < 10 ? 2 : Math.abs(percent) < 99.95 ? 1 : 0;
  return `${Number(percent.toFixed(digits))} %`;
}

/** A change: `+12.3 %`, `−4 %`. */
export function formatSignedPercent(percent: number): string {
  return `${percent < 0 ? '−' : '+'}${formatPercent(Math.abs(percent))}`;
}

const byteUnits = ['B', 'KiB', 'MiB', 'GiB', 'TiB'];

/** The power of 1024 in which a number of bytes is written, and its name. */
export function byteUnit(bytes: number): { readonly size: number; readonly name: string } {
  let power = 0;
  while (Math.abs(bytes) / 1024 ** power >= 999.5 && power < byteUnits.length - 1) power++;
  return { size: 1024 ** power, name: byteUnits[power] as string };
}

/** Bytes in powers of 1024: `948 MiB`, `3.75 GiB`. */
export function formatBytes(bytes: number): string {
  const { size, name } = byteUnit(bytes);
  return `${size === 1 ? whole.format(bytes) : significant(bytes / size)} ${name}`;
}

/** Seconds as `0.50 s`, `12 s`, `3 min 20 s` or `1 h 2 min`. */
export function formatDuration(durationS: number): string {
  if (durationS < 9.95) return `${Number(durationS.toFixed(1))} s`;
  const seconds = Math.round(durationS);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return join(Math.floor(seconds / 60), 'min', seconds % 60, 's');
  const minutes = Math.round(seconds / 60);
  return join(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
}

/** Hours as a duration. */
export function formatHours(hours: number): string {
  return formatDuration(3600 * hours);
}

/** Dollars with cents: `$8.47`. */
export function formatUsd(usd: number): string {
  return usd > 0 && usd < 0.005 ? 'less than $0.01' : `$${usd.toFixed(2)}`;
}

/** Three significant digits without zeros behind them: `0.35`, `12`. */
export function formatNumber(value: number): string {
  return String(Number(value.toPrecision(3)));
}

/** An ISO time as `2026-11-22 09:48:15 UTC`. */
export function formatTime(iso: string): string {
  return `${iso.slice(0, 19).replace('T', ' ')} UTC`;
}

/** A figure of the metric catalogue in its unit. */
export function formatValue(value: number, unit: Unit): string {
  switch (unit) {
    case 'us':
      return formatLatency(value);
    case 'percent':
      return formatPercent(value);
    case 'per-second':
      return formatRate(value);
    case 'bytes':
      return formatBytes(value);
    case 'count':
      return formatCount(value);
    default:
      return String(Number(value.toFixed(2)));
  }
}

/** A number of things with its noun: `1 stage`, `3 stages`. */
export function formatNumberOf(count: number, noun: string): string {
  return `${formatCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The text with a capital first letter. */
export function capitalize(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The text with a small first letter, for the middle of a sentence. */
export function uncapitalize(text: string): string {
  return `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
}

function significant(value: number): string {
  if (value === 0) return '0';
  return Math.abs(value) >= 99.95 ? whole.format(Number(value.toPrecision(3))) : value.toPrecision(3);
}

function join(big: number, bigUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;
}

/** Megabits a second: `64 Mbit/s`, `5 Gbit/s`. */
export function formatMbps(mbps: number): string {
  return mbps < 1000 ? `${formatNumber(mbps)} Mbit/s` : `${formatNumber(mbps / 1000)} Gbit/s`;
}

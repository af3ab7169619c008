// A LogFormat of Apache as the same format in nginx's names. https://httpd.apache.org/docs/2.4/mod/mod_log_config.html#formats

import type { DateOrder } from './find-moment.ts';

const names: Readonly<Record<string, string>> = {
  '%%': '%',
  '%t': '[$time_local]',
  '%r': '$request',
  '%s': '$status',
  '%>s': '$status',
  '%<s': '$status',
  '%m': '$request_method',
  '%U': '$uri',
  '%b': '$body_bytes_sent',
  '%B': '$body_bytes_sent',
};
/** A time in a format of its own, and in pieces: `%{%F %T}t.%{msec_frac}t %{%z}t`. */
const times = /%\{[^}]*\}t(?:[^%"]{0,2}%\{[^}]*\}t)*/g;
const directive = /%(?:%|[<>!,\d]*(?:\{[^}]*\})?(?:\^[a-zA-Z]{2}|[a-zA-Z]))/g;

/** Whether a format has Apache's names. */
export function isApacheFormat(format: string): boolean {
  return !/\$\{?[a-z]/.test(format) && /%(?:[<>]?[a-zA-Z]|\{)/.test(format);
}

/** The format in nginx's names; what only Apache has is a name that nothing reads. */
export function fromApache(given: string): string {
  const [, quoted] = /^LogFormat\s+"((?:[^"\\]|\\.)*)"/.exec(given.trim()) ?? [];
  let others = 0;
  return (quoted ?? given)
    .replace(/\\(["\\t])/g, (_, each) => (each === 't' ? '\t' : each))
    .replace(times, '$$time_any')
    .replaceAll('%U%q', '$request_uri')
    .replace(directive, (each) => names[each] ?? `$other_${others++}`);
}

/** What comes first where the format writes dates like 12/03/2026, or with two digits of the year. */
export function orderOfApache(given: string): DateOrder | undefined {
  const [, order] = /%\{[^}]*?%(d\W%m\W%[yY]|m\W%d\W%[yY]|y\W%m\W%d)[^}]*\}t/.exec(given) ?? [];
  if (order === undefined) return undefined;
  return order.startsWith('d') ? 'day-first' : order.startsWith('m') ? 'month-first' : 'year-first';
}

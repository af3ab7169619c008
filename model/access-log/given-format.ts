// A log format that the user gives, as nginx's log_format or Apache's LogFormat has it. http://nginx.org/en/docs/http/ngx_http_log_module.html#log_format
import { UserError } from '../user-error.ts';
import { fromApache, isApacheFormat, orderOfApache } from './apache-format.ts';
import { createNumberedReader, findMoment } from './find-moment.ts';
import type { LogLine } from './log-line.ts';
import type { LogTime } from './moment.ts';

const combined =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"';
const known: Readonly<Record<string, string>> = {
  combined,
  common: '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent',
  vhost_combined: `$server_name:$server_port ${combined}`,
};
const shapes: Readonly<Record<string, string>> = {
  time_local: '\\d{1,2}/[A-Za-z]{3}/\\d{4}:\\d\\d:\\d\\d:\\d\\d [+-]\\d{4}',
  time_iso8601: '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+(?:Z|[+-]\\d\\d:?\\d\\d)',
  msec: '\\d+(?:\\.\\d+)?',
  status: '\\d{3}|-',
  body_bytes_sent: '\\d+|-',
  bytes_sent: '\\d+|-',
  scheme: '[a-z]*',
  host: '[^\\s/"]*',
  http_host: '[^\\s/"]*',
  server_name: '[^\\s/"]*',
};
const variable = /\$(?:\{([a-z]\w*)\}|([a-z]\w*))/gi;
const times = ['time_local', 'time_iso8601', 'msec', 'time_any'] as const;

/** Returns a reader of lines in a format string. Throws a UserError for one without a time. */
export function compileFormat(given: string): (line: string) => LogLine | undefined {
  const isApache = isApacheFormat(given);
  const format = (known[given.trim()] ?? (isApache ? fromApache(given) : unwrap(given))).replace(
    /\$(?:document_)?uri(?:\$is_args|\?)\$args/g,
    '$request_uri',
  );
  const names = [...format.matchAll(variable)].map((match) => (match[1] ?? match[2]) as string);
  if (!times.some((time) => names.includes(time)))
    throw new UserError(
      isApache
        ? '--log-format needs %t: copy the string of LogFormat in the configuration of Apache'
        : '--log-format needs $time_local, $time_iso8601 or $msec: copy the string after log_format NAME in nginx.conf, in single quotes so that the shell leaves its names',
    );
  const pattern = new RegExp(`^${toPattern(format)}$`);
  const readNumbered = createNumberedReader(isApache ? orderOfApache(given) : undefined);
  return (line) => {
    const found = pattern.exec(line)?.groups;
    if (!found) return undefined;
    const time = times.map((name) => found[name]).find((each) => each !== undefined) ?? '';
    const moment: LogTime | 'impossible' | 'two-dates' | undefined = findMoment(time) ?? readNumbered(time);
    if (typeof moment !== 'object') return undefined;
    const { request, request_method: method, status: code } = found;
    const query = ['', '-'].includes(found.args ?? '') ? '' : `?${found.args}`;
    const uri = found.request_uri ?? `${found.uri ?? found.document_uri ?? ''}${query}`;
    return {
      ...moment,
      format: 'given',
      request: request ?? (method === undefined ? undefined : `${method} ${uri}`.trimEnd()),
      ...(code !== undefined && { status: Number(code) || 0 }),
    };
  };
}

/** The string alone, of a whole directive: log_format main escape=json '...' '...'; */
function unwrap(given: string): string {
  const text = given.trim().replace(/^log_format\s+\S+\s+(?:escape=\w+\s+)?/, '');
  const pieces = /^'[^']*'(?:\s*'[^']*')*\s*;?$/.test(text)
    ? [...text.matchAll(/'([^']*)'/g)].map(([, each]) => each)
    : [text];
  return pieces.join('').replaceAll('\\t', '\t');
}

function toPattern(format: string): string {
  const seen = new Set<string>();
  return format
    .split(/(\$\{[a-z]\w*\}|\$[a-z]\w*)/i)
    .map((piece, index, all) => {
      const name = /^\$\{?([a-z]\w*)\}?$/i.exec(piece)?.[1];
      // Blanks in a row are easily lost where a format is copied.
      if (name === undefined) return piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+');
      const isQuoted = all[index - 1]?.endsWith('"') && all[index + 1]?.startsWith('"');
      const shape = shapes[name] ?? (isQuoted ? '[^"\\\\]*(?:\\\\.[^"\\\\]*)*' : '.*?');
      if (seen.has(name)) return `(?:${shape})`;
      seen.add(name);
      return `(?<${name}>${shape})`;
    })
    .join('');
}

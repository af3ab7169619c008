// One line of an access log in nginx's `common` or `combined` format.
// http://nginx.org/en/docs/http/ngx_http_log_module.html: $remote_addr - $remote_user [$time_local] "$request" $status $bytes ...

/** When a request was logged: milliseconds since the epoch, and the zone in which the line gives it, like `+0100`. */
export type LogLine = { readonly atMs: number; readonly zone: string };

const format =
  /^\S+ \S+ .*?\[(\d{2})\/([A-Z][a-z]{2})\/(\d{4}):(\d{2}):(\d{2}):(\d{2}) ([+-])(\d{2})(\d{2})\] "(?:[^"\\]|\\.)*" \d{3} (?:\d+|-)(?: |$)/;
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Returns the fields of a line; undefined for a line in another format. */
export function parseLogLine(text: string): LogLine | undefined {
  const match = format.exec(text);
  if (!match) return undefined;
  const [, day, name = '', year, hour, minute, second, sign, zoneHours = '', zoneMinutes = ''] = match;
  const month = months.indexOf(name);
  if (month < 0) return undefined;
  const local = Date.UTC(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  const offsetMs = (sign === '-' ? -1 : 1) * (Number(zoneHours) * 60 + Number(zoneMinutes)) * 60_000;
  return { atMs: local - offsetMs, zone: `${sign}${zoneHours}${zoneMinutes}` };
}

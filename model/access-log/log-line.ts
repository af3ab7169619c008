// What a line of an access log says about a request.
import type { LogTime } from './moment.ts';

export type LogFormat =
  | 'common'
  | 'combined'
  | 'json'
  | 'w3c'
  | 'load-balancer'
  | 'haproxy'
  | 'nginx-proxy-manager'
  | 'key-value'
  | 'text'
  | 'given';

export type LogLine = LogTime & {
  readonly format: LogFormat;
  /** Like `GET /a HTTP/1.1`; absent where the line has none. */
  readonly request?: string | undefined;
  /** Absent where the line has none. */
  readonly status?: number | undefined;
  /** The line is the only one in the file for so many requests (syslog's "message repeated"); absent: 1. */
  readonly requests?: number;
  /** `requests` are those of a row of a table: of a minute, an hour. */
  readonly isSum?: true;
  /** Name of the container or program that wrote it; absent without one. */
  readonly source?: string;
  /** It has a whole URL and no client: perhaps a request that the app sent to another. */
  readonly isPerhapsSent?: true;
  /** The year was not in the line. */
  readonly isYearAssumed?: true;
  /** By so many years the times of the lines without a year before it were too late, as it shows; absent: 0. */
  readonly yearsLate?: number;
};

/** A request without a time of its own gets that of the line's prefix. */
export type Undated = Omit<LogLine, keyof LogTime>;

// Texts of the findings of traffic/.
import { formatCount, formatDuration, formatNumberOf, formatPercent, formatTime } from '../format/format.ts';
import type { TrafficFindings } from '../schema/traffic-findings.ts';
import type { TextsOf } from './texts.ts';

const logFormats: Readonly<Record<string, string>> = {
  common: 'common log format',
  combined: 'combined log format',
  json: 'JSON lines',
  w3c: 'W3C extended log format',
  'load-balancer': 'format of AWS load balancers',
  haproxy: 'HAProxy HTTP log format',
  'nginx-proxy-manager': 'format of Nginx Proxy Manager',
  'key-value': 'lines of key=value',
  text: 'lines with a time, a request and a status',
  given: 'format of --log-format',
};

export const trafficTexts: TextsOf<TrafficFindings> = {
  'traffic-per-day': ({ requestsPerDay, shape }) => `${formatCount(requestsPerDay)} requests a day (${shape})`,
  'traffic-file': ({ file }) => file,
  'log-read': ({ formats, requests, from, to }) =>
    `access log, ${formats.map((format) => logFormats[format] ?? format).join(' and ')}: ${formatNumberOf(requests, 'request')} from ${formatTime(from)} to ${formatTime(to)} (${formatDuration((Date.parse(to) - Date.parse(from)) / 1000)})`,
  'log-lines-unreadable': ({ lines, totalLines, examples, first }) =>
    `${formatCount(lines)} of ${formatNumberOf(totalLines, 'line')} could not be parsed (line ${examples.join(', ')}${lines > examples.length ? ' ...' : ''})${first ? `, the first is ${first}` : ''}`,
  'log-sources': ({ sources }) =>
    `requests of ${sources.map((source) => source || 'lines without a name').join(', ')}: added up. If one passes requests on to another, give its log alone`,
  'log-requests-perhaps-sent': ({ requests }) =>
    `${formatNumberOf(requests, 'request')} with a whole URL and no client: counted. If the app sent them to others, remove these lines`,
  'year-assumed': () => 'times without a year: read as the latest year that fits',
  'log-lines-out-of-order': ({ lines, backS }) =>
    `${formatNumberOf(lines, 'line')} out of order, by up to ${formatDuration(backS)}: sorted by time`,
  'zones-converted': ({ zones }) =>
    `times in time zone${zones.length === 1 ? '' : 's'} ${zones.join(', ')}: converted to UTC`,
  'zones-unclear': ({ zones }) =>
    `times in time zone ${zones.join(', ')}, a name of several zones: read as UTC. Log numbers like +0100`,
  'times-assumed-utc': () => 'times without a time zone: read as UTC',
  'rows-out-of-order': ({ rows }) => `${formatNumberOf(rows, 'row')} out of order: sorted by time`,
  'rows-merged': ({ rows }) => `${formatNumberOf(rows, 'row')} with the time of another row: requests added up`,
  'hours-filled': ({ hours }) =>
    `${formatNumberOf(hours.length, 'hour')} missing (${hours.join(', ')}): filled with the mean of the others`,
  'gaps-filled': ({ gaps, totalS, examples }) => {
    const named = examples.map(({ from, to }) => `${formatTime(from)} to ${formatTime(to)}`).join(', ');
    const more = gaps > examples.length ? `, and ${gaps - examples.length} more` : '';
    return `${formatNumberOf(gaps, 'gap')}, ${formatDuration(totalS)} in total: filled with the mean rate (${named}${more})`;
  },
  'gaps-quiet': ({ gaps, totalS }) =>
    `${formatNumberOf(gaps, 'gap')}, ${formatDuration(totalS)} in total: read as no requests, because CloudWatch sends no datapoint for a time without them`,
  'part-of-day': ({ hours }) =>
    `the file covers ${Number(hours.toFixed(1))} h: the rest of the day is assumed to be the same`,
  'log-mostly-unreadable': ({ percent }) =>
    `${formatPercent(percent)} of the lines could not be parsed, so their requests are missing`,
  'traffic-too-short': ({ durationS }) =>
    `the file covers ${formatDuration(durationS)}, which is too short to represent a day`,
};

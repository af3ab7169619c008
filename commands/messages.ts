// Texts of what commands find out about a run beside its load.
import { findingMaker } from '../model/finding.ts';

const count = (value: number): string => value.toLocaleString('en-US');
const requestsOf = (value: number): string => `${count(value)} ${value === 1 ? 'request' : 'requests'}`;

const clock = (iso: string): string => iso.slice(0, 19).replace('T', ' ');

function timeOf(seconds: number): string {
  if (seconds < 120) return `${Math.ceil(seconds)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(0)} min` : `${(seconds / 3600).toFixed(1)} h`;
}

const leftOutOfHar: Readonly<Record<string, string>> = {
  fromCache: 'answered by the browser',
  noResponse: 'without a response',
  noHttp: 'that are not HTTP requests',
  otherMethods: 'with other methods',
  withoutBody: 'whose body was not saved',
  schemeRedirects: 'from http to https or back',
  otherHosts: 'to other hosts',
};

export const commandFinding = findingMaker({
  interrupted: ({ reason }: { reason: string }) => reason,
  'app-not-restarted': ({ cause }: { cause: string }) =>
    `The app was ended and started again between blocks, and did not come back: ${cause}`,
  'seconds-not-written': ({ cause, at }: { cause: string; at: string }) =>
    `Nothing could be recorded after ${at.slice(11, 19)} UTC: ${cause}. Free space, and rerun`,
  'other-run-failed': () => 'The other run of the pair failed',
  'target-is-remote': () => 'The target is another machine: its host metrics were not collected',
  'clock-differs': ({ offsetMs }: { offsetMs: number }) =>
    `The clock of this machine is ${(Math.abs(offsetMs) / 1000).toFixed(1)} s ${offsetMs > 0 ? 'ahead of' : 'behind'} the target's: shards whose clocks differ by more than a second have no verdict. Synchronize it (NTP)`,
  'clock-offset-unknown': ({ reason }: { reason: string }) =>
    `The offset between this clock and the clock of the target is unknown: ${reason}`,
  'network-emulated': ({ instanceType, mbps, burstMbps }: { instanceType: string; mbps: number; burstMbps: number }) =>
    `The network of the ${instanceType} was limited to its baseline of ${count(mbps)} Mbit/s in each direction${burstMbps > mbps ? `. On EC2 it may burst to ${count(burstMbps)} Mbit/s for minutes` : ''}`,
  'node-exporter-gap': ({ cause }: { cause: string }) => `node_exporter gave no sample for a while: ${cause}`,
  'har-read': (figures: {
    file: string;
    steps: number;
    recorded: string;
    leftOut: Readonly<Record<string, number>>;
    otherHosts: readonly string[];
    capped: number;
    withheld: { readonly requests: number; readonly headers: readonly string[] };
    origin?: string;
  }) => {
    const { requests, headers } = figures.withheld;
    const hosts = `${figures.otherHosts.slice(0, 3).join(', ')}${figures.otherHosts.length > 3 ? ', ...' : ''}`;
    const left = Object.entries(figures.leftOut).map(
      ([why, times]) => `${times} ${leftOutOfHar[why] ?? why}${why === 'otherHosts' ? ` (${hosts})` : ''}`,
    );
    return [
      `${figures.file}: a walk of ${requestsOf(figures.steps)} to ${figures.recorded}`,
      ...(figures.origin === undefined ? [] : [`, sent to ${figures.origin}`]),
      ...(left.length === 0 ? [] : [`. Left out: ${left.join(', ')}`]),
      ...(figures.capped === 0 ? [] : [`. Pauses shortened to 10 s: ${figures.capped}`]),
      ...(requests === 0
        ? []
        : [
            `. Credentials of ${figures.recorded} in ${requestsOf(requests)} are not sent (${headers.join(', ')}). Give those of the target with --header`,
          ]),
    ].join('');
  },
  'walk-without-slo': () =>
    'The capacity at the SLO was not searched: it is a rate of requests, and the users of this run take a walk. Use --threshold to judge their latency',
  'replay-read': (figures: {
    files: readonly string[];
    formats: readonly string[];
    from: string;
    to: string;
    asked: number;
    kept: number;
    durationS: number;
  }) => {
    const [first = '', ...more] = figures.files;
    const files = more.length === 0 ? first : `${first} and ${more.length} more`;
    const sent = figures.kept === figures.asked ? 'sent' : `of which ${count(figures.kept)} are sent`;
    return `${files} (${figures.formats.join(', ')}): ${requestsOf(figures.asked)} from ${clock(figures.from)} to ${clock(figures.to)} UTC, ${sent} in ${timeOf(figures.durationS)}`;
  },
  'replay-left-out': (figures: {
    otherMethods: Readonly<Record<string, number>>;
    malformed: number;
    tooLong: number;
    unreadable: number;
  }) => {
    const { otherMethods, malformed, tooLong, unreadable } = figures;
    const methods = Object.entries(otherMethods).map(([method, times]) => `${method} (${count(times)})`);
    const parts = [
      ...(methods.length > 0 ? [`requests with ${methods.join(', ')}, which --replay-methods sends`] : []),
      ...(malformed > 0 ? [`${requestsOf(malformed)} without a readable path`] : []),
      ...(tooLong > 0 ? [`${requestsOf(tooLong)} whose path is longer than 16 KiB`] : []),
      ...(unreadable > 0 ? [`${count(unreadable)} ${unreadable === 1 ? 'line' : 'lines'} that could not be read`] : []),
    ];
    return `Not replayed: ${parts.join('; ')}`;
  },
  'replay-without-status': ({ requests, asked }: { requests: number; asked: number }) =>
    `The log has no status for ${requests === asked ? 'its requests' : `${count(requests)} of ${requestsOf(asked)}`}: an answer below 400 counts as expected`,
  'replay-replaced': ({ replaced, asked }: { replaced: number; asked: number }) =>
    `The log is of another app: headroom's shortener does not have the paths of ${count(replaced)} of ${requestsOf(asked)}, and links of its own were requested at their moments. Replay the log's own paths on your app with --target URL`,
  'replay-thinned': ({ speed, kept, asked, seed }: { speed: number; kept: number; asked: number; seed: number }) =>
    `Each request was kept with the chance 1/${speed} (seed ${seed}): ${count(kept)} of ${count(asked)}. CPU credits run ${speed} times as fast, so the CPU use of each moment is that of the log`,
  'replay-credits-slower': ({ speed, creditClock }: { speed: number; creditClock: number }) =>
    `The requests came ${speed} times as fast as in the log, and CPU credits ${creditClock} times as fast as on EC2: they run out at another time. For the log's own, add --credit-clock ${speed}`,
  'no-compiler': () =>
    'No build ran beside the load: headroom is installed without its compiler. Measure a command of your own with --during CMD',
  'app-unknown': ({ port, by }: { port: number; by?: string }) =>
    `Which processes are the app is not known: ${by === undefined ? `this user cannot see what listens on port ${port}` : `port ${port} is forwarded by ${by}`}. All CPU of this machine but headroom's counts as the app's. Name the app with --app-pid or --app-unit${by === undefined ? ', or run as root' : ''}`,
  // macOS.
  'processes-unseen': () =>
    "The CPU of single programs can be read on Linux only: all CPU of this machine but headroom's counts as the app's",
  'types-in-sequence': ({ port }: { port: string }) =>
    `The types were measured one after the other, because the app has one port (${port || 80}): what drifts on this machine meanwhile differs between them. Let the app listen on $PORT and leave --target out, and they are measured in turn`,
  'not-emulated': ({ warning }: { warning: string }) => warning,
});

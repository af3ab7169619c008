// Texts of what a load finds out about itself: why it ended early, and why its figures cannot be trusted.
import { withArticle } from '../model/article.ts';
import { connectionErrorText } from '../model/connection-error.ts';
import { findingMaker } from '../model/finding.ts';
import type { OutOfMemory } from '../model/run-record.ts';
import type { WalkFailure, WalksRecord } from '../model/walk.ts';

type InStage = { readonly stage: string };
type Reconnecting = { opened: number; completed: number; connectUs: number; latencyUs?: number };
type Late = { lagMs: number; late?: number };
type WalkFailed = WalksRecord['failed'][number] & { begun: number };
type Taken = { takenPercent: number; takers: readonly string[] };
type Throttle = { speed: number; predictedS?: number; earliestS?: number; latestS?: number };

const countOf = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;

const describeLate = ({ lagMs, late }: Late): string =>
  `1 % of the requests were sent at least ${lagMs < 10 ? lagMs.toFixed(1) : Math.round(lagMs)} ms late${late === undefined ? '' : `, and ${late} were too late to be sent`}`;

/** Why a walk ended at a step. */
export function describeFailure({ why, variable }: WalkFailure): string {
  if (why === 'status') return 'the status was not expected';
  if (why === 'value') return `its response has no value for ${variable}`;
  if (why === 'body-too-long')
    return `there is no value for ${variable} in the part of its body that is read (1 MiB, or 16 MiB unpacked). Take it from a shorter response`;
  if (why === 'body-unreadable')
    return `its body cannot be unpacked, so there is no value for ${variable}. Give the step the header "accept-encoding": "gzip"`;
  if (why === 'other-host') return 'its response leads to another host';
  return why === 'no-answer' ? 'there was no whole response' : 'it was not sent in time';
}

const by = (takers: readonly string[]): string => (takers.length === 0 ? '' : ` (${takers.join(', ')})`);

/** Moments of the log's time, `speed` times as long as those of the replay. */
function describeThrottle(figures: Throttle): string {
  const [at, earliest, latest] = [figures.predictedS, figures.earliestS, figures.latestS].map((each) =>
    each === undefined ? undefined : logTime(each * figures.speed),
  );
  if (earliest === undefined) return 'its CPU credits outlast the replay';
  const until = latest === undefined ? `not before ${earliest}, or not at all` : `between ${earliest} and ${latest}`;
  return at === undefined
    ? `its CPU credits run out ${until}`
    : `its CPU credits run out after ${at} of the log (${until})`;
}

function logTime(seconds: number): string {
  if (seconds < 120) return `${seconds.toFixed(0)} s`;
  return seconds < 7200 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(2)} h`;
}

/** For an app that ended well before it was asked to. */
export const stayInForeground =
  ". It has to stay in the foreground (nginx: -g 'daemon off;', others: no --daemon, no &)";

export const loadFinding = findingMaker({
  'target-silent': ({ silentMs }: { silentMs: number }) =>
    `The target stopped responding: no response for ${Math.round(silentMs / 1000)} s`,
  'nothing-answered': ({ stage }: InStage) => `The target stopped responding: no response in stage ${stage}`,
  'shortener-exited': ({ how, output }: { how: string; output: string }) =>
    `The shortener exited (${how})${output === '' ? '' : `: ${output}`}`,
  'nginx-exited': ({ how, output }: { how: string; output: string }) =>
    `nginx exited (${how})${output === '' ? '' : `: ${output}`}`,
  'app-exited': ({ how, output }: { how: string; output: string }) =>
    `The app exited (${how})${how === 'exit 0' ? stayInForeground : ''}${output === '' ? '' : `. It wrote last: ${output}`}`,
  'app-out-of-memory': ({ killed, limitBytes, instanceType }: OutOfMemory & { instanceType: string }) =>
    `The app does not fit into the memory of ${withArticle(instanceType)} (${Math.round(limitBytes / 1024 ** 2)} MiB): the kernel killed ${killed === 1 ? '1 process' : `${killed} processes`} there (oom_kill ${killed})`,
  'generator-exited': ({ generator, how }: { generator: number; how: string }) =>
    `Load generator ${generator} exited (${how})`,
  'informational-answer': ({ status }: { status: number }) =>
    `The target sends informational responses (${status}), which a closed stage cannot count. Use an open stage (--rate)`,
  'unasked-answer': () =>
    'The target sends responses that no request asked for, so throughput and latency of a closed stage would be wrong. Use an open stage (--rate)',
  'command-ended': () => 'The command of --during ended',
  autostop: ({ rule, ratePerS, stage }: InStage & { rule: string; ratePerS: number | undefined }) =>
    `Autostop: ${rule}${ratePerS === undefined ? '' : `, at ${ratePerS < 10 ? ratePerS.toFixed(1) : Math.round(ratePerS)} requests/s`}, in stage ${stage}`,

  'throttle-predicted': (figures: Throttle & { instanceType: string }) =>
    `Prediction for ${figures.instanceType}: ${describeThrottle(figures)}`,

  'stage-late': ({ stage, lateMs }: InStage & { lateMs: number }) =>
    `Stage ${stage} began ${(lateMs / 1000).toFixed(1)} s late`,
  'stage-not-steady': ({ stage }: InStage) => `Stage ${stage} did not reach a steady state. Use a longer stage`,
  'connections-failed': ({ stage, errors }: InStage & { errors: Readonly<Record<string, number>> }) =>
    `Stage ${stage}: the target ${Object.entries(errors)
      .map(([code, count]) => `${connectionErrorText(code)} (${count} ${count === 1 ? 'request' : 'requests'})`)
      .join(', ')}. Check its log and its connection limits`,
  'redirect-measured': ({ url, location }: { url: string; location: string }) =>
    `${url} redirects to ${location}. Redirects are not followed: the redirect itself is measured`,
  'ports-limit-rate': ({ ports, perS }: { ports: number; perS: number }) =>
    `The target announces "Connection: close" and does not close. headroom then closes, which blocks a local port for 60 s: ${ports} ports last for ${perS} requests/s. Enable keep-alive in the target, or let it close`,
  'ports-used-up': ({ stage, failed }: InStage & { failed: number }) =>
    `Stage ${stage}: this machine ran out of local ports, and ${failed} requests were not sent. Enable keep-alive in the target, use a lower rate, or set net.ipv4.ip_local_port_range to "1024 65535"`,
  'files-used-up': ({ stage, failed }: InStage & { failed: number }) =>
    `Stage ${stage}: this machine opened no more sockets (limit of open files, or memory), and ${failed} requests were not sent. Raise the limit (ulimit -n 4096), or use fewer connections`,
  'connection-per-response': ({ opened, completed, connectUs, latencyUs }: Reconnecting) =>
    `The target closes the connection after ${completed < 1.3 * opened ? 'each response' : `every ${(completed / opened).toFixed(1)} responses`}: ${opened} connections were opened for ${completed} responses. Connecting took ${(connectUs / 1000).toFixed(2)} ms on average${latencyUs === undefined ? '' : `, ${Math.round((100 * connectUs) / latencyUs)} % of the mean latency, which includes it`}`,
  'cores-not-awake': ({ cause }: { cause: string }) =>
    `The cores were not kept awake, so a request may have cost more CPU than on a real instance: ${cause}`,
  'redis-not-started': ({ cause }: { cause: string }) =>
    `The core speed of this machine was not measured (it needs redis): ${cause}. Install redis-server, redis-tools and util-linux`,
  'emulation-limit-lost': ({ file, wanted, found }: { file: string; wanted: string; found?: string | undefined }) => {
    const name = file.slice(file.lastIndexOf('/') + 1);
    const now = found === undefined ? `"${wanted}" was removed` : `it is "${found}" instead of "${wanted}"`;
    return `Another program changed ${name} of the emulated instance: ${now}. Rerun while no program changes control groups`;
  },

  'core-shared': ({ takenPercent, takers }: Taken) =>
    `Other processes used ${Math.round(takenPercent)} % of the measured cores${by(takers)}`,
  'core-slow': ({ times }: { times: number }) =>
    `The measured core was slow: fixed work took ${times.toFixed(2)} times its usual CPU time`,
  'core-uneven': ({ times }: { times: number }) =>
    `The measured core was slow for a moment: fixed work took ${times.toFixed(2)} times its usual CPU time`,
  'generator-paused': ({ lastedS }: { lastedS: number }) =>
    `The machine or the generator was paused: one second took ${lastedS.toFixed(1)} s`,
  'cores-busy': ({ takenPercent, takers }: Taken) =>
    `This machine is busy: other processes use ${Math.round(takenPercent)} % of the measured cores${by(takers)}. The run may end without a verdict. Stop these processes, or measure on an idle machine`,
  'cores-uneven': ({ times }: { times: number }) =>
    `The speed of this machine varies: within 2 s the same computation took up to ${times.toFixed(1)} times the CPU time. The run may end without a verdict. Measure on an idle machine`,
  'too-few-clean-blocks': (
    figures: InStage & { clean: number; of: number; needed: number; cause: { text?: string | undefined } },
  ) =>
    `Stage ${figures.stage}: only ${figures.clean} of ${figures.of} blocks count, and ${figures.needed} are needed. ${figures.cause.text ?? ''}. Rerun on an idle machine`,

  'errors-without-credits': ({ stage, percent }: InStage & { percent: number }) =>
    `Stage ${stage}: ${percent.toPrecision(3)} % of the requests were errors, so what the app sustains without credits is not known. Look at their status and at the log of the app`,

  'no-capacity': ({ reason }: { reason: { text?: string | undefined } }) =>
    `No capacity was found: ${reason.text ?? ''}`,
  'no-capacity-at-slo': ({ reason }: { reason: { text?: string | undefined } }) =>
    `The capacity at the SLO was not found: ${reason.text ?? ''}`,
  'no-slo': () => 'there is no SLO. Give one with --slo',
  'slo-missed-at': ({ arrivalRatePerS, reasons }: { arrivalRatePerS: number; reasons: readonly { text?: string }[] }) =>
    `at ${Math.round(arrivalRatePerS)}/s, the lowest rate that was sent, ${reasons.map(({ text = '' }) => text).join(' and ')}. Search lower rates with --profile capacity`,
  'blocks-not-counted': ({ of, cause }: { of: number; cause: { text?: string | undefined } }) =>
    `none of ${countOf(of, 'block')} counts. ${cause.text ?? ''}`,
  'block-too-short': ({ perS, durationS, needed }: { perS: number; durationS: number; needed: number }) =>
    `at ${perS.toFixed(1)}/s a block of ${durationS} s has fewer than the ${needed} requests that the SLO needs. Use --profile capacity`,
  'answers-outlast-block': ({ stage }: InStage) =>
    `Stage ${stage}: half of the responses took longer than half of the block, so a queue would not show`,
  'generator-busy': ({ stage, usePercent }: InStage & { usePercent: number }) =>
    `Stage ${stage}: the generator was the limit: it used ${Math.round(usePercent)} % of its core. Use more generators, or a lower rate`,
  'slo-held-at-limit': ({ arrivalRatePerS }: { arrivalRatePerS: number }) =>
    `the SLO was still met at ${Math.round(arrivalRatePerS)}/s, the highest rate of the search`,
  'slo-never-held': () => 'the SLO was not met at 1/s',
  'search-stopped': () => 'the search was stopped',
  'slo-missed': ({ expression }: { expression: string }) => `${expression} did not hold`,
  'requests-failed': ({ percent }: { percent: number }) => `${percent.toPrecision(2)} % of the requests were errors`,
  'requests-dropped': ({ dropped }: { dropped: number }) => `${dropped} requests were dropped`,
  'queue-grew': ({ percent }: { percent: number }) =>
    `a queue grew: ${percent.toFixed(1)} % of the arrivals joined it and were not answered in time`,

  'nothing-ok': () => 'No request was answered as expected',
  'requests-unaccounted': (figures: InStage & { intended: number; sent: number; dropped: number; late?: number }) =>
    `Stage ${figures.stage}: ${figures.intended} requests were intended, but ${figures.sent} were sent, ${figures.dropped} dropped and ${figures.late ?? 0} too late`,
  'outcomes-unaccounted': ({ stage, sent, ended }: InStage & { sent: number; ended: number }) =>
    `Stage ${stage}: ${sent} requests were sent, but the outcomes of only ${ended} are known`,
  'load-not-offered': ({
    stage,
    due,
    intended,
    ofWalks,
  }: InStage & { due: number; intended: number; ofWalks?: boolean }) =>
    `Stage ${stage}: the schedule has ${Math.round(due)} ${ofWalks ? 'walks' : 'requests'}, but the generator started only ${intended}. Use more generators`,
  'generator-late': ({ stage, ...figures }: InStage & Late) =>
    `Stage ${stage}: the generator was the limit: ${describeLate(figures)}. Use more generators, or a lower rate`,
  'generator-delayed': ({ stage, stalledMs, ...figures }: InStage & Late & { stalledMs: number }) =>
    `Stage ${stage}: ${describeLate(figures)}: other processes or the hypervisor stalled the generator for ${Math.round(stalledMs)} ms in total. Rerun on an idle host`,
  'requests-late': ({ stage, late }: InStage & { late: number }) =>
    `Stage ${stage}: ${countOf(late, 'request')} ${late === 1 ? 'was' : 'were'} not sent: the generator or the machine was paused, and ${late === 1 ? 'it was' : 'they were'} too late. This does not count as dropped by the target`,
  'requests-repeated': ({ stage, repeated }: InStage & { repeated: number }) =>
    `Stage ${stage}: the target closed a connection just as a request was sent, ${countOf(repeated, 'time')}. These requests were sent again on a new connection, and are not errors. Check the log of the target for crashes, and its keep-alive time-out`,
  'connections-not-open': ({ stage, unopened }: InStage & { unopened: number }) =>
    `Stage ${stage}: when it began, ${countOf(unopened, 'connection')} ${unopened === 1 ? 'was' : 'were'} not open yet, so its first requests include the time of connecting. Raise the backlog of the target (net.core.somaxconn), or leave the first second out (cutS in a profile)`,
  'data-unasked': ({ stage, connections }: InStage & { connections: number }) =>
    `Stage ${stage}: on ${countOf(connections, 'connection')} the target sent data that no request asked for, such as a second response to a request. headroom closed ${connections === 1 ? 'it' : 'them'}, and requests that had to reconnect include the time of connecting. Fix the target`,
  'tail-late': ({
    stage,
    lagMs,
    stalledMs,
    pausedMs,
  }: InStage & { lagMs: number; stalledMs: number; pausedMs: number }) =>
    `Stage ${stage}: 0.1 % of the requests were sent at least ${Math.round(lagMs)} ms late: the machine stalled the generator for ${Math.round(stalledMs)} ms in total, and the generator paused itself for ${Math.round(pausedMs)} ms. p99.9 and the maximum include that. Rerun on an idle host for these two`,
  'walks-failed': ({ stage, begun, step, walks, ...failure }: InStage & WalkFailed) =>
    `Stage ${stage}: ${walks} of ${countOf(begun, 'walk')} failed at step ${step}: ${describeFailure(failure)}`,
  'first-second-late': ({ stage, firstMs, laterMs }: InStage & { firstMs: number; laterMs?: number }) =>
    `Stage ${stage}: in its first second 1 % of the requests were sent at least ${firstMs.toFixed(1)} ms late${laterMs === undefined ? '' : ` (later: ${laterMs.toFixed(1)} ms)`}. The highest percentiles of the stage include that second. Use a longer stage, or leave the second out (cutS in a profile)`,
  'littles-law-broken': ({ stage, inFlight, expected }: InStage & { inFlight: number; expected: number }) =>
    `Stage ${stage}: Little's law does not hold: ${inFlight.toFixed(1)} requests were in flight on average, but throughput times latency is ${expected.toFixed(1)}. Use a longer stage, or a rate that the target can sustain`,
  'second-lost': ({ stage, lastedS }: InStage & { lastedS: number }) =>
    `Stage ${stage}: the machine or the generator was paused: one second took ${lastedS.toFixed(1)} s`,
  'target-stalled': ({ stage, silentMs, open }: InStage & { silentMs: number; open: number }) =>
    `Stage ${stage}: the target stopped responding in the last ${(silentMs / 1000).toFixed(1)} s, with ${open} ${open === 1 ? 'request' : 'requests'} unanswered`,
  'beside-not-as-intended': ({ because }: InStage & { because: { text?: string | undefined } }) =>
    `The latency before and beside the command is not known. ${because.text ?? ''}`,
  'clock-jumped': ({ stage, byMs }: InStage & { byMs: number }) =>
    `Stage ${stage}: the wall clock jumped by ${(byMs / 1000).toFixed(1)} s, so load and host metrics cannot be aligned`,
  'generator-saturated': () =>
    'The load generator was saturated in every closed stage: autocannon used all of its core. Use more generators (--generators), or an open stage (--rate), which needs half the CPU per request',
});

// What a replayed access log comes to: asked against sent, by pattern, and the worst parts of its time.
import type { ReplayRecord } from '../../model/replay-record.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { StageRecord } from '../../model/stage/stage-record.ts';
import type { JudgedReplay } from '../schema/judged-replay.ts';
import { found } from '../schema/verdict-findings.ts';
import type { Seconds } from '../series/seconds.ts';

const parts = 24;
const mostWorst = 5;
/** A part is slow when the p99 of its slowest second is so many times that of the usual part. */
const slow = 2;

/** Undefined for a run that replayed no log, or did not come to it. */
export function judgeReplay(run: RunRecord, seconds: Seconds | undefined): JudgedReplay | undefined {
  const { replay } = run;
  const stage = run.stages.find(({ role }) => role === 'measured');
  if (!replay || !stage) return undefined;
  const { files, from, to, speed, requests } = replay;
  const { sent, completed } = stage.requests;
  const differing = stage.outcomes.unexpectedStatus;
  const { asked, kept, outOfOrder } = requests;
  const summary = found('replay-summary', {
    files,
    from,
    to,
    speed,
    asked,
    kept,
    outOfOrder,
    sent,
    completed,
    differing,
  });
  return {
    summary,
    ...(replay.throttle && { throttle: found('replay-throttle', { speed, ...replay.throttle }) }),
    routes: judgeRoutes(replay, stage),
    worst: seconds ? findWorst(replay, run.stages.indexOf(stage), stage, seconds) : [],
  };
}

function judgeRoutes({ routes }: ReplayRecord, stage: StageRecord): JudgedReplay['routes'] {
  return routes.map(({ name, asked, kept }) => {
    const { ok = 0, failed = 0, latencyUs } = stage.routes[name] ?? {};
    const differing = (stage.differing ?? []).filter(({ route }) => route === name);
    return {
      name,
      asked,
      kept,
      ok,
      failed,
      ...(latencyUs && { p99Us: latencyUs.p99 }),
      differing: differing.map(({ inLog, status, requests }) => ({ inLog, status, requests })),
    };
  });
}

type Part = JudgedReplay['worst'][number];

/** The parts of the log's time that hurt; empty where it went alike all the time. */
function findWorst(replay: ReplayRecord, number: number, stage: StageRecord, seconds: Seconds): JudgedReplay['worst'] {
  const load = seconds.load.filter((second) => second.stage === number);
  const [first] = load;
  if (!first || stage.durationS < parts) return [];
  const beginS = first.atS - first.durationS / 2;
  const fromMs = Date.parse(replay.from);
  const lengthS = (Date.parse(replay.to) - fromMs) / 1000 / replay.speed / parts;
  const all = Array.from({ length: parts }, (_, index): Part => {
    const inPart = (atS: number): boolean => Math.floor((atS - beginS) / lengthS) === index;
    const own = load.filter(({ atS }) => inPart(atS));
    const balances = seconds.credits.flatMap(([atS, balance]) => (inPart(atS) ? [balance] : []));
    const p99 = own.flatMap(({ p99Us }) => p99Us ?? []);
    const at = (place: number) => new Date(fromMs + place * lengthS * replay.speed * 1000).toISOString();
    return {
      from: at(index),
      to: at(index + 1),
      sentPerS: own.reduce((sum, { sent }) => sum + sent, 0) / lengthS,
      errors: Math.round(own.reduce((sum, { errorsPerS, durationS }) => sum + errorsPerS * durationS, 0)),
      ...(p99.length > 0 && { p99Us: Math.max(...p99) }),
      ...(balances.length > 0 && { credits: Math.min(...balances) }),
    };
  });
  const usual = all.map(({ p99Us = 0 }) => p99Us).sort((a, b) => a - b)[parts / 2] ?? 0;
  const hurt = ({ errors, p99Us = 0 }: Part): boolean => errors > 0 || p99Us > slow * usual;
  return all
    .filter(hurt)
    .sort((a, b) => b.errors - a.errors || (b.p99Us ?? 0) - (a.p99Us ?? 0))
    .slice(0, mostWorst);
}

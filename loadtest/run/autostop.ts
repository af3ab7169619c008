// Ends a run early when a condition has held for a number of seconds in a row, as Yandex.Tank does.
import { decodeHistogram } from '../../model/latency/histogram.ts';
import type { HostLine, LoadLine } from '../../model/second.ts';
import { evaluateThreshold, parseThreshold, type Threshold } from '../../model/threshold.ts';
import { UserError } from '../../model/user-error.ts';

export type Autostop = {
  /** Takes a second of load or a sample of the host; returns the rule that ends the run, once one does. */
  see(line: LoadLine | HostLine): Stop | undefined;
};

/** The rule that held, and requests per second of the last second of all generators; no rate before the first load. */
export type Stop = { readonly rule: string; readonly ratePerS: number | undefined };

type Rule = {
  readonly threshold: Threshold;
  readonly forS: number;
  readonly text: string;
  readonly heldS: Map<string, number>;
};

/** What one watcher has to say of a piece of time. */
type Sight = {
  readonly watcher: string;
  readonly lastedS: number;
  figure(metric: string): number | undefined;
};

/** Generators share these: each alone sees a part. */
const shared: ReadonlySet<string> = new Set(['throughput', 'errors.count', 'dropped.count']);

/** A rule is a condition of the threshold language and how long it must hold: `errors.rate > 50% for 5s`. */
export function parseAutostop(text: string): { readonly threshold: Threshold; readonly forS: number } {
  const match = /^(.*?)\s+for\s+(\d+(?:\.\d+)?)\s*s$/.exec(text.trim());
  if (!match)
    throw new UserError(
      `autostop rule not understood: ${text}\n  expected a condition and a time, like errors.rate > 50% for 5s`,
    );
  const threshold = parseThreshold(match[1] as string);
  if (threshold.aggregation !== undefined && threshold.aggregation !== 'avg') {
    throw new UserError(`autostop rule ${text}: a rule sees one sample at a time, so write ${threshold.metric}.avg`);
  }
  return { threshold, forS: Number(match[2]) };
}

/** Watches all rules at once. A second without a figure (no answer, no sample) neither adds to a rule nor ends it. */
export function createAutostop(rules: readonly string[]): Autostop {
  const watched: Rule[] = rules.map((text) => ({ ...parseAutostop(text), text, heldS: new Map() }));
  const ratesPerS = new Map<number, number>();
  const rounds = gatherRounds();
  return {
    see: (line) => {
      if (line.kind === 'load' && line.durationS > 0)
        ratesPerS.set(line.generator, (line.intended ?? line.sent) / line.durationS);
      const sights = line.kind === 'host' ? [hostSight(line)] : [ownSight(line), ...rounds.add(line).map(roundSight)];
      for (const rule of watched) {
        for (const { watcher, lastedS, figure } of sights) {
          const value = figure(rule.threshold.metric);
          if (value === undefined) continue;
          const held =
            evaluateThreshold(rule.threshold, () => value).verdict === 'pass'
              ? (rule.heldS.get(watcher) ?? 0) + lastedS
              : 0;
          rule.heldS.set(watcher, held);
          // Half a second less: a timer's second is never exactly one.
          if (held > 0 && held >= rule.forS - 0.5) return { rule: rule.text, ratePerS: rateOf(ratesPerS) };
        }
      }
      return undefined;
    },
  };
}

/** Sources sample side by side, and one may see what another does not. */
function hostSight({ source, host, intervalS, metrics }: HostLine): Sight {
  return { watcher: `${source} on ${host}`, lastedS: intervalS, figure: (metric) => metrics[metric] };
}

/** Generators run side by side: each has a clock of its own. */
function ownSight(line: LoadLine): Sight {
  return {
    watcher: `generator ${line.generator}`,
    lastedS: line.durationS,
    figure: (metric) => (shared.has(metric) ? undefined : loadFigure(line, metric)),
  };
}

function roundSight(round: readonly LoadLine[]): Sight {
  return {
    watcher: 'all generators',
    lastedS: Math.max(...round.map((line) => line.durationS)),
    figure: (metric) =>
      shared.has(metric) ? round.reduce((sum, line) => sum + (loadFigure(line, metric) ?? 0), 0) : undefined,
  };
}

/**
 * Puts the seconds of generators that run side by side together. Who takes part in a stage is known when the first of them comes
 * again; a later round that lacks one of them is not given out.
 */
function gatherRounds() {
  let stage: number | undefined;
  let round = new Map<number, LoadLine>();
  let members = new Set<number>();
  const finish = (): LoadLine[][] => {
    const whole = round.size > 0 && [...members].every((generator) => round.has(generator));
    const lines = [...round.values()];
    members = new Set([...members, ...round.keys()]);
    round = new Map();
    return whole ? [lines] : [];
  };
  return {
    add(line: LoadLine): LoadLine[][] {
      if (line.durationS === 0) return [];
      const rounds = line.stage !== stage || round.has(line.generator) ? finish() : [];
      if (line.stage !== stage) members = new Set();
      stage = line.stage;
      round.set(line.generator, line);
      return members.size > 0 && [...members].every((generator) => round.has(generator))
        ? [...rounds, ...finish()]
        : rounds;
    },
  };
}

function rateOf(ratesPerS: ReadonlyMap<number, number>): number | undefined {
  return ratesPerS.size === 0 ? undefined : [...ratesPerS.values()].reduce((sum, rate) => sum + rate, 0);
}

/** One second's figure by the threshold language's name; undefined when the second has none. */
function loadFigure(line: LoadLine, metric: string): number | undefined {
  const { ok, unexpectedStatus, timeout, connectionError } = line.outcomes;
  const failed = unexpectedStatus + timeout + connectionError;
  if (metric === 'errors.rate') return ok + failed > 0 ? (100 * failed) / (ok + failed) : undefined;
  if (metric === 'errors.count') return failed;
  const intended = line.intended ?? line.sent;
  const dropped = line.dropped ?? 0;
  if (metric === 'dropped.rate') return intended > 0 ? (100 * dropped) / intended : undefined;
  if (metric === 'dropped.count') return dropped;
  if (metric === 'throughput') return line.durationS > 0 ? (ok + unexpectedStatus) / line.durationS : undefined;
  if (!metric.startsWith('latency.') || line.latencyUs === undefined) return undefined;
  const histogram = decodeHistogram(line.latencyUs);
  const figure = metric.slice('latency.'.length);
  if (figure === 'mean') return histogram.mean;
  if (figure === 'max') return histogram.getValueAtPercentile(100);
  return histogram.getValueAtPercentile(figure === 'p999' ? 99.9 : Number(figure.slice(1)));
}

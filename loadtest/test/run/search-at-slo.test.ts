import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { createHistogram, encodeHistogram } from '../../../model/latency/histogram.ts';
import { recoverRun } from '../../../model/recover.ts';
import type { Line } from '../../../model/second.ts';
import { isOpenBlock } from '../../../model/stage/stage-record.ts';
import { recordUs } from '../../../model/test/latency/record-us.ts';
import { makeRun } from '../../../model/test/make-run.ts';
import { type Generators, startGenerators } from '../../generators/generators.ts';
import type { CoreWatch } from '../../run/core-watch.ts';
import type { LoadPlan, LoadResult } from '../../run/load-plan.ts';
import { beginProgress } from '../../run/progress.ts';
import { runLoad } from '../../run/run.ts';
import { searchAtSlo } from '../../run/search-at-slo.ts';
import { takeTurns } from '../../run/turns.ts';

const slo = ['latency.p99 < 100ms', 'errors.rate < 1%'];
const ladder = {
  kind: 'ladder' as const,
  name: 'ladder',
  connections: [4, 8],
  durationS: 1,
  minGain: 0.05,
  atSlo: { blocks: 3, durationS: 1.2, slo },
};

function planOf(changes: Partial<LoadPlan> & Pick<LoadPlan, 'generators'>): LoadPlan {
  return {
    profile: { name: 'made', description: '', timeoutS: 5, stages: [ladder], thresholds: [], autostop: [] },
    origin: 'http://127.0.0.1:9',
    routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
    seed: 1,
    insecure: false,
    calm: async () => {},
    signal: new AbortController().signal,
    onLine: () => {},
    onStage: () => {},
    ...changes,
  };
}

/** A target that serves 1,000/s, and queues what comes beyond; at once, with lines as real generators send them. */
function queueing({ use = 0.5, lagUs = 10, slowerUs = 0, errorShare = 0, cutAt = Number.POSITIVE_INFINITY } = {}) {
  let open = 0;
  const generators: Generators = {
    count: 1,
    perCoreS: 0,
    pids: [],
    stop: () => {},
    close: () => {},
    run: async ([order], onLine) => {
      if (!order) return;
      const isCut = order.kind === 'open' && ++open >= cutAt;
      const { stage, durationS } = order;
      const ratePerS = order.kind === 'open' ? order.arrivalRatePerS.from : 1000;
      const growthPerS = Math.max(0, ratePerS - 1000);
      const from = Date.now();
      const at = (s: number) => new Date(from + s * 1000).toISOString();
      for (let begin = 0; begin < durationS; begin++) {
        const length = Math.min(1, durationS - begin);
        const middleS = begin + length / 2;
        const sent = Math.round(ratePerS * length);
        onLine({
          kind: 'load',
          stage,
          generator: 0,
          at: at(begin),
          durationS: length,
          sent,
          intended: sent,
          inFlightS: (1 + growthPerS * middleS) * length,
          outcomes: {
            ok: Math.round(sent * (1 - errorShare)),
            unexpectedStatus: Math.round(sent * errorShare),
            timeout: 0,
            connectionError: 0,
          },
          statusCounts: { 200: sent },
          routes: {},
          latencyUs: encoded(1000 + slowerUs + (growthPerS * middleS * 1e6) / 1000),
          ...(order.kind === 'open' && { lagUs: encoded(lagUs) }),
          open: 0,
          eventLoopUtilization: use,
          cpuS: use,
        });
      }
      const end = { kind: 'stage-end' as const, stage, generator: 0, finishedAt: at(durationS), routeLatencyUs: {} };
      onLine({ ...end, errors: {}, ...(isCut && { aborted: { code: 'interrupted', text: 'SIGINT' } }) });
    },
  };
  return generators;
}

function encoded(us: number): string {
  const histogram = createHistogram();
  recordUs(histogram, us);
  return encodeHistogram(histogram);
}

/** An undisturbed core, but for the visits whose look says otherwise. */
function coreShared(takenShares: readonly number[]): CoreWatch {
  let looks = 0;
  return {
    checkSpeed: async () => 200,
    undisturbed: () => ({ speedCheckMs: 200 }),
    summary: () => undefined,
    look: () => {
      const takenShare = takenShares[looks++] ?? 0;
      return () => ({ takenShare, takers: takenShare > 0 ? ['hog'] : [] });
    },
    window: async () => {
      throw new Error('a window takes as long as half a block');
    },
  };
}

const openBlocks = ({ stages }: LoadResult) => stages.filter(isOpenBlock);

async function searched(generators: Generators, slo: string[]) {
  const stages = [{ ...ladder, atSlo: { ...ladder.atSlo, slo } }];
  const profile = { name: 'made', description: '', timeoutS: 5, stages, thresholds: [], autostop: [] };
  const result = await runLoad(planOf({ generators, profile }));
  return { ...result, blocks: openBlocks(result) };
}

describe('the search at the SLO', () => {
  test('finds the rate that a known target serves, from a few blocks, which judge nothing else', async () => {
    const result = await runLoad(planOf({ generators: queueing() }));
    const { capacityAtSlo, saturation, validity, warnings } = result;
    expect(saturation).toBeUndefined();
    expect(capacityAtSlo).toMatchObject({ slo });
    expect(capacityAtSlo?.low).toBeLessThan(1000);
    expect(capacityAtSlo?.high).toBeGreaterThan(1000);
    expect(capacityAtSlo?.arrivalRatePerS).toBeGreaterThan(900);
    expect(capacityAtSlo?.arrivalRatePerS).toBeLessThan(1100);
    expect(capacityAtSlo?.probes.map(({ stage }) => result.stages[stage]?.role)).toEqual(['probe', 'probe', 'probe']);
    expect(validity.verdict).toBe('valid');
    expect(warnings).toEqual([]);
    expect(result.use.eventLoopUtilization?.max).toBe(0.5);
  });

  test('sends a disturbed block again, and says of it who disturbed it', async () => {
    const generators = queueing();
    const undisturbed = await runLoad(planOf({ generators, watch: coreShared([]) }));
    const result = await runLoad(planOf({ generators, watch: coreShared([0, 0.4]) }));
    expect(openBlocks(result).map(({ blocks }) => blocks?.[0]?.clean)).toEqual([true, false, true, true]);
    expect(openBlocks(result)[1]?.blocks?.[0]?.disturbance).toMatchObject({ code: 'core-shared', takers: ['hog'] });
    expect(result.capacityAtSlo?.arrivalRatePerS).toBe(undisturbed.capacityAtSlo?.arrivalRatePerS);
  });

  test('ends after two more blocks where all are disturbed, and says so in a warning', async () => {
    const result = await runLoad(planOf({ generators: queueing(), watch: coreShared([1, 1, 1, 1, 1, 1, 1]) }));
    expect(openBlocks(result)).toHaveLength(5);
    expect(result).not.toHaveProperty('capacityAtSlo');
    expect(result.warnings.map(({ text }) => text)).toEqual([
      'The capacity at the SLO was not found: none of 5 blocks counts. Other processes used 100 % of the measured cores (hog)',
    ]);
  });

  test('gives what a busy generator misses for its own limit', async () => {
    const { capacityAtSlo } = await runLoad(planOf({ generators: queueing({ use: 0.97 }) }));
    expect(capacityAtSlo).toMatchObject({ atLeast: true });
    expect(capacityAtSlo?.arrivalRatePerS).toBeLessThan(1000);
    expect(capacityAtSlo?.probes.flatMap(({ reasons }) => reasons.map(({ code }) => code))).toContain('generator-busy');
  });

  test('has no capacity where the generator was late at every rate, and the run stays valid', async () => {
    const result = await runLoad(planOf({ generators: queueing({ lagUs: 60_000 }) }));
    expect(result).not.toHaveProperty('capacityAtSlo');
    expect(result.validity.verdict).toBe('valid');
    expect(result.warnings[0]?.text).toMatch(
      /^The capacity at the SLO was not found: none of 5 blocks counts\. Stage open \d+\/s: the generator was the limit/,
    );
  });

  test('holds nowhere where too many requests are errors, whatever the SLO', async () => {
    const { blocks, warnings, capacityAtSlo } = await searched(queueing({ errorShare: 0.2 }), ['latency.p99 < 100ms']);
    expect(capacityAtSlo).toMatchObject({ low: 0, high: capacityAtSlo?.arrivalRatePerS, atMost: true });
    expect(blocks.length).toBeGreaterThan(2);
    expect(warnings[0]?.text).toContain('20 % of the requests were errors');
  });

  test('has no capacity where it was cut, however much held before', async () => {
    const { capacityAtSlo, warnings, blocks } = await searched(queueing({ cutAt: 2 }), slo);
    expect(blocks).toHaveLength(2);
    expect(capacityAtSlo).toBeUndefined();
    expect(warnings[0]?.text).toBe('The capacity at the SLO was not found: the search was stopped');
  });

  test('lasts several times the latency that the SLO allows', async () => {
    const { blocks, capacityAtSlo } = await searched(queueing({ slowerUs: 1_100_000 }), ['latency.p99 < 2s']);
    expect(blocks.every(({ durationS }) => durationS >= 8)).toBe(true);
    expect(capacityAtSlo?.probes.some(({ holds }) => holds)).toBe(true);
  });

  test('knows of no queue where responses outlast half a block', async () => {
    const { capacityAtSlo, warnings } = await searched(queueing({ slowerUs: 1_100_000 }), ['errors.rate < 1%']);
    expect(capacityAtSlo).toBeUndefined();
    expect(warnings[0]?.text).toContain('so a queue would not show');
  });

  test('writes each block down, so that a killed run knows them', async () => {
    const lines: Line[] = [];
    const result = await runLoad(planOf({ generators: queueing(), onLine: (line) => lines.push(line) }));
    const known = lines.flatMap((line) => (line.kind === 'block' ? [line.stage] : []));
    expect(known).toEqual(result.capacityAtSlo?.probes.map(({ stage }) => stage));
    async function* stream() {
      yield* lines;
    }
    const { stages } = await recoverRun(makeRun({ status: 'running' }), stream());
    expect(stages.filter(isOpenBlock).map(({ name }) => name)).toEqual(openBlocks(result).map(({ name }) => name));
    async function* killedInABlock() {
      yield* lines.filter(({ kind }) => kind !== 'block');
    }
    const killed = await recoverRun(makeRun({ status: 'running' }), killedInABlock());
    expect(killed.stages.filter(isOpenBlock)).toHaveLength(3);
  });

  test('without an SLO says so', async () => {
    const { atSlo: _, ...rest } = ladder;
    const stages = [{ ...rest, atSlo: { blocks: 3, durationS: 1.2 } }];
    const profile = { name: 'made', description: '', timeoutS: 5, stages, thresholds: [], autostop: [] };
    const { warnings } = await runLoad(planOf({ generators: queueing(), profile }));
    expect(warnings.map(({ text }) => text)).toEqual([
      'The capacity at the SLO was not found: there is no SLO. Give one with --slo',
    ]);
  });

  test('visits the types in turn, A B B A', async () => {
    const visited: string[] = [];
    const [first, second] = takeTurns(2);
    const run = (name: string, turn: LoadPlan['turn'] & object) =>
      runLoad(
        planOf({
          generators: queueing(),
          turn,
          onLine: (line) => line.kind === 'stage' && line.role === 'probe' && visited.push(name),
        }),
      );
    await Promise.all([run('A', first as never), run('B', second as never)]);
    expect(visited.join('')).toMatch(/^(ABBAAB|BAABBA)$/);
  });
});

/** Serves one request after the other, for `serviceMs` each, and sends its answer `delayMs` later: its law is that of its clock. */
async function oneQueue(serviceMs: number, delayMs: number) {
  let freeAt = 0;
  const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
    const now = performance.now();
    freeAt = Math.max(now, freeAt) + serviceMs;
    setTimeout(() => response.end('ok'), freeAt - now + delayMs);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}

test('a server of one queue meets the SLO up to the rate that its service time allows', async () => {
  // 4 ms each: 250/s. Beside 400 ms of latency, the lag of a generator on a busy machine is small.
  const server = await oneQueue(4, 400);
  const generators = await startGenerators(1, process.env);
  try {
    const progress = beginProgress(planOf({ generators, origin: server.origin }));
    await searchAtSlo(
      progress,
      { blocks: 5, durationS: 1.2, slo: ['latency.p99 < 700ms', 'errors.rate < 1%'] },
      {
        perS: 250,
        connections: 128,
      },
    );
    const found = progress.atSlo?.();
    if (!found || !('capacity' in found)) throw new Error(found?.missing.text ?? 'nothing was searched');
    const { arrivalRatePerS, low, high, atLeast } = found.capacity;
    expect(atLeast).toBeUndefined();
    expect(low).toBeLessThan(250);
    expect(high).toBeGreaterThan(225);
    expect(Math.abs(arrivalRatePerS / 250 - 1)).toBeLessThan(0.15);
  } finally {
    generators.close();
    server.close();
  }
});

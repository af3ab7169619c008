import { expect, test } from '@jest/globals';
import type { Generators } from '../../generators/generators.ts';
import type { CoreWatch } from '../../run/core-watch.ts';
import type { LoadPlan } from '../../run/load-plan.ts';
import { runLoad } from '../../run/run.ts';

/** Answers as many requests as it is told to, at once, in every visit. */
function instantGenerators(perVisit: number): Generators {
  const outcomes = { ok: perVisit, unexpectedStatus: 0, timeout: 0, connectionError: 0 };
  const at = () => new Date().toISOString();
  return {
    count: 1,
    perCoreS: 0,
    pids: [],
    stop: () => {},
    close: () => {},
    run: async ([order], onLine) => {
      const { stage = 0 } = order ?? {};
      const counted = { sent: perVisit, outcomes, statusCounts: {}, routes: {}, open: 0 };
      const use = { eventLoopUtilization: 0.5, cpuS: 0.5 };
      onLine({ kind: 'load', stage, generator: 0, at: at(), durationS: 1, ...counted, ...use });
      onLine({ kind: 'stage-end', stage, generator: 0, finishedAt: at(), routeLatencyUs: {}, errors: {} });
    },
  };
}

/** A core whose SETs take so long, one after the other; what is undisturbed is the fastest until now. */
function slowCore(setUs: (window: number) => number): CoreWatch {
  let windows = 0;
  let fastestUs = Number.POSITIVE_INFINITY;
  return {
    checkSpeed: async () => 200,
    undisturbed: () => ({ speedCheckMs: 200, redisSetUs: fastestUs }),
    summary: () => undefined,
    look: () => () => ({ takenShare: 0, takers: [] }),
    window: async () => {
      const us = setUs(windows++);
      fastestUs = Math.min(fastestUs, us);
      return us;
    },
  };
}

const stage = { kind: 'closed' as const, connections: 8, durationS: 1, blocks: 8, warmUp: false };

function planOf(changes: Partial<LoadPlan>, stages: LoadPlan['profile']['stages']): LoadPlan {
  return {
    profile: { name: 'made', description: '', timeoutS: 5, stages, thresholds: [], autostop: [] },
    origin: 'http://127.0.0.1:9',
    routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
    generators: instantGenerators(100),
    seed: 1,
    insecure: false,
    calm: async () => {},
    signal: new AbortController().signal,
    onLine: () => {},
    onStage: () => {},
    ...changes,
  };
}

test('a stage in a slow spell from end to end is known for one when the core was faster later in the run', async () => {
  // Two windows a block: eight blocks in the spell, and eight after it.
  const watch = slowCore((window) => (window < 16 ? 12 : 8));
  const seen: boolean[] = [];
  const { stages } = await runLoad(
    planOf({ watch, onLine: (line) => line.kind === 'block' && seen.push(line.block.clean) }, [
      { ...stage, name: 'first' },
      { ...stage, name: 'second' },
    ]),
  );
  expect(seen).toEqual(Array.from({ length: 16 }, () => true));
  expect(stages[0]?.blocks?.map(({ clean }) => clean)).toEqual(Array.from({ length: 8 }, () => false));
  expect(stages[0]?.blocks?.[0]?.disturbance).toMatchObject({ code: 'core-slow', times: 1.5 });
  expect(stages[1]?.blocks?.map(({ clean }) => clean)).toEqual(Array.from({ length: 8 }, () => true));
});

test('what the lead of a block without credits leaves behind is done before the block begins', async () => {
  const events: string[] = [];
  let usedS = 0;
  // The app is busy for 120 ms after each lead.
  let busyUntil = 0;
  const onVisit = (_: unknown, lead: boolean) => {
    if (lead) busyUntil = performance.now() + 120;
    else events.push(performance.now() >= busyUntil ? 'at rest' : 'busy');
  };
  const cpuS = () => {
    if (performance.now() < busyUntil) usedS += 0.05;
    return { appCpuS: usedS };
  };
  await runLoad(planOf({ onVisit, cpuS }, [{ ...stage, name: 'credits gone', credits: 'empty' }]));
  expect(events).toEqual(Array.from({ length: 8 }, () => 'at rest'));
});

test('blocks on a slow core that can be corrected are enough after two more than were asked for', async () => {
  let windows = 0;
  // One undisturbed window, then a spell that does not end.
  const watch = slowCore(() => (windows++ === 0 ? 8 : 12));
  const { stages } = await runLoad(planOf({ watch }, [{ ...stage, name: 'saturation' }]));
  expect(stages[0]?.blocks).toHaveLength(10);
});

test('a block that is clean by a hair is measured again, as it may not be by the end of the run', async () => {
  let checks = 0;
  // The second block lies between checks of 1.11 times the usual, and 1.12 are slow.
  const watch = { ...slowCore(() => 8), checkSpeed: async () => (Math.floor(checks++ / 2) === 1 ? 222 : 200) };
  const { stages } = await runLoad(planOf({ watch }, [{ ...stage, name: 'measured' }]));
  expect(stages[0]?.blocks).toHaveLength(9);
  expect(stages[0]?.blocks?.every(({ clean }) => clean)).toBe(true);
});

/** An app that can be started again; what happens to it, in order. */
function startedApp(events: string[]): Pick<LoadPlan, 'starts' | 'onVisit'> {
  let count = 1;
  return {
    onVisit: (role, lead) => events.push(lead ? `lead of ${role}` : role),
    starts: {
      count: () => count,
      warmUpS: 2,
      again: async () => {
        count++;
        events.push('start');
      },
    },
  };
}

test('blocks are spread over starts of the app, each warm before its first block', async () => {
  const events: string[] = [];
  const { stages } = await runLoad(
    planOf(startedApp(events), [{ ...stage, name: 'credits gone', credits: 'empty', starts: 4 }]),
  );
  expect(stages[0]?.blocks?.map(({ start }) => start)).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
  const block = ['lead of sustained', 'sustained'];
  // With the CPU of a lead, and what makes it warm is no block.
  const again = ['lead of sustained', 'start', 'lead of sustained'];
  const two = [...block, ...block];
  expect(events).toEqual([...two, ...again, ...two, ...again, ...two, ...again, ...two]);
  expect(stages[0]?.outcomes.ok).toBe(800);
});

test('a stage without starts of its own leaves the app alone, and so does a run of an app that is not started here', async () => {
  const events: string[] = [];
  await runLoad(planOf(startedApp(events), [{ ...stage, name: 'saturation' }]));
  expect(events).not.toContain('start');
  const { stages } = await runLoad(planOf({}, [{ ...stage, name: 'saturation', starts: 4 }]));
  expect(stages[0]?.blocks).toHaveLength(8);
  expect(stages[0]?.blocks?.[0]).not.toHaveProperty('start');
});

test('a run ends with the blocks that it has where the app does not start again', async () => {
  const stopped = new AbortController();
  const reason = { code: 'app-not-restarted', text: 'it did not' };
  const again = async () => stopped.abort({ status: 'aborted', reason });
  const generators = { ...instantGenerators(100) };
  const { status, stages } = await runLoad(
    planOf({ generators, signal: stopped.signal, starts: { count: () => 1, warmUpS: 2, again } }, [
      { ...stage, name: 'saturation', starts: 4 },
    ]),
  );
  expect(status).toBe('aborted');
  expect(stages[0]?.blocks).toHaveLength(2);
});

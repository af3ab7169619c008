// Makes the fixtures again: `npx tsx reports/test/make-fixtures.ts [COMPLETE-RUN DIED-RUN]`, those that are not made up from two captured run folders.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Alarms } from '../../model/alarms.ts';
import { type Observed, observedSchema } from '../../model/observed.ts';
import { readLines, readRun } from '../../model/run-folder.ts';
import { type RunRecord, runRecordSchema } from '../../model/run-record.ts';
import { type Line, lineSchema } from '../../model/second.ts';
import { backtest } from '../../monitors/backtest/backtest.ts';
import { seriesOfRun } from '../../monitors/backtest/backtest-run.ts';
import { allDefinitions } from '../../monitors/definitions/all.ts';
import { makeHostile } from './hostile.ts';
import { madeCapacity, madeRebuild, madeSoak } from './made-situations.ts';

type Folder = { readonly run: RunRecord; readonly lines: readonly Line[]; readonly observed?: Observed };

const fixtures = fileURLToPath(new URL('./fixtures', import.meta.url));
/** Programs of the machine of the capture that have nothing to do with headroom are left out. */
const keptServices = new Set(['headroom', 'kernel', 'nginx', 'jenkins', 'datadog-agent']);

function read(dir: string, id: string): Folder {
  const json = (name: string) => JSON.parse(readFileSync(join(dir, name), 'utf8'));
  const run = runRecordSchema.parse(json('run.json'));
  const observed = observedSchema.parse(json('observed.json'));
  const lines = readFileSync(join(dir, 'seconds.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((text) => lineSchema.parse(JSON.parse(text)));
  return {
    run: { ...run, id, generator: { ...run.generator, hostname: 'box' } },
    lines: lines.map((line) =>
      line.kind === 'host' ? { ...line, host: 'box', ...(line.services && { services: keep(line.services) }) } : line,
    ),
    observed: {
      ...observed,
      run: id,
      sources: observed.sources.map((source) => ({ ...source, host: 'box' })),
      stages: observed.stages.map((stage) => ({ ...stage, services: keep(stage.services) })),
    },
  };
}

function keep<T>(services: Readonly<Record<string, T>>): Record<string, T> {
  return Object.fromEntries(Object.entries(services).filter(([name]) => keptServices.has(name)));
}

function write(name: string, { run, lines, observed }: Folder, unfinished = ''): void {
  const dir = join(fixtures, name);
  mkdirSync(dir, { recursive: true });
  writeFileSync(join(dir, 'run.json'), `${JSON.stringify(run, null, 1)}\n`);
  writeFileSync(join(dir, 'seconds.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join('') + unfinished);
  if (observed) writeFileSync(join(dir, 'observed.json'), `${JSON.stringify(observed, null, 1)}\n`);
}

const died = { code: 'shortener-exited', how: 'exit 1', output: '', text: 'The shortener exited (exit 1)' };

/** The app ended while the stage with this number ran. */
function aborted({ run, lines, observed }: Folder, last: number): Folder {
  const { saturation: _, ...rest } = run;
  return {
    run: {
      ...rest,
      status: 'aborted',
      statusReason: died,
      stages: run.stages
        .slice(0, last + 1)
        .map((stage, index) => (index === last ? { ...stage, aborted: died } : stage)),
    },
    lines: lines.filter((line) => line.kind === 'host' || line.stage <= last),
    ...(observed && { observed: { ...observed, stages: observed.stages.slice(0, last + 1) } }),
  };
}

/** The harness was killed while it wrote a line: there is neither a stage record nor an observation. */
function killed({ run, lines }: Folder): Folder {
  const { saturation: _, finishedAt: __, ...rest } = run;
  const { eventLoopUtilization: ___, cpuPercent: ____, ...generator } = run.generator;
  return { run: { ...rest, generator, status: 'running', stages: [] }, lines };
}

/** Nothing was listening. */
function unanswered({ run, lines }: Folder): Folder {
  const { saturation: _, ...rest } = run;
  const none = { ok: 0, unexpectedStatus: 0, timeout: 0 };
  return {
    run: {
      ...rest,
      stages: run.stages.slice(0, 3).map(({ latencyUs: _latency, failedLatencyUs: _failed, ...stage }) => ({
        ...stage,
        requests: { intended: 0, sent: 0, completed: 0, dropped: 0, open: 0 },
        outcomes: { ...none, connectionError: stage.kind === 'idle' ? 0 : 4000 },
        statusCounts: {},
        routes: {},
        throughputPerS: 0,
        errors: stage.kind === 'idle' ? {} : { ECONNREFUSED: 4000 },
      })),
    },
    lines: lines
      .filter((line) => line.kind !== 'host' && line.stage < 3)
      .map((line) => {
        if (line.kind === 'stage-end') return { ...line, routeLatencyUs: {}, errors: { ECONNREFUSED: 4000 } };
        if (line.kind !== 'load') return line;
        const { latencyUs: _latency, ...load } = line;
        return {
          ...load,
          sent: 0,
          open: 0,
          outcomes: { ...none, connectionError: 2000 },
          statusCounts: {},
          routes: {},
        };
      }),
  };
}

write('capacity', madeCapacity());
write('rebuild', madeRebuild());
write('soak', madeSoak());

await writeAlarms('complete', 'complete', (alarms) => alarms);
await writeAlarms('complete', 'hostile', (alarms) => makeHostile(alarms));

const [completeDir, diedDir] = process.argv.slice(2);
if (completeDir && diedDir) writeCaptured(completeDir, diedDir);

/** What the monitors would have made of a fixture; the drill beside it is made up. */
async function writeAlarms(of: string, name: string, change: (alarms: Alarms) => Alarms): Promise<void> {
  const run = readRun(join(fixtures, of));
  const lines = readLines(join(fixtures, of));
  const host = 'box';
  const definitions = await allDefinitions({ host, recipients: [], tags: [] });
  const { document } = backtest({
    definitions,
    series: await seriesOfRun(run, lines, host),
  });
  const at = (second: number) => new Date(Date.parse(run.startedAt) + second * 1000).toISOString();
  const monitors = definitions.map(({ key }, index) => ({
    key,
    id: 1000 + index,
    mustFire: key === 'cpu-user',
    fired: key === 'cpu-user',
    recovered: key === 'cpu-user',
    ...(key === 'cpu-user' && {
      firedAfterS: 6,
      recoveredAfterS: 15,
      breachedAt: at(5),
      firedAt: at(11),
      recoveredAt: at(30),
    }),
  }));
  const alarms: Alarms = {
    schemaVersion: 2,
    run: run.id,
    host,
    backtest: document.monitors,
    drill: { monitors, warnings: [] },
  };
  writeFileSync(join(fixtures, name, 'alarms.json'), `${JSON.stringify(change(alarms), null, 1)}\n`);
}

function writeCaptured(wholeDir: string, brokenDir: string): void {
  const complete = read(wholeDir, '20261122-101049-complete-njd8');
  write('complete', complete);
  write('target-died', read(brokenDir, '20261122-100901-died-72eb'));
  write('aborted', aborted(complete, 5));
  write('killed', killed({ ...complete, lines: complete.lines.slice(0, 20) }), '{"kind":"load","sta');
  write('killed-at-once', killed({ ...complete, lines: [] }));
  write('no-data', unanswered(complete));
  write('hostile', {
    run: makeHostile(aborted(complete, 5).run),
    lines: complete.lines.filter((line) => line.kind === 'host' || line.stage <= 5).map((line) => makeHostile(line)),
    ...(complete.observed && {
      observed: makeHostile({ ...complete.observed, stages: complete.observed.stages.slice(0, 6) }),
    }),
  });
}

// The report of a run of an hour, of two such compared, and of a day: time and memory of the whole process, size of the page.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { createHistogram, encodeHistogram } from '../../model/latency/histogram.ts';
import type { HostLine, LoadLine, StageEndLine, StageLine } from '../../model/second.ts';
import { stageFromLines } from '../../model/stage/stage-result.ts';
import { recordUs } from '../../model/test/latency/record-us.ts';
import { makeRun } from '../../model/test/make-run.ts';
import { output } from '../program.ts';

export const claim =
  'the report of a run of an hour (3,600 lines of load and as many of the host), and of two compared: under 1.5 s and 300 MiB; of 24 h: under 10 s; pages under 400 KB';

const beganAt = Date.UTC(2026, 0, 1);
const iso = (second: number) => new Date(beganAt + second * 1000).toISOString();
const mostPageKB = 400;

/** 300 requests around 2 ms with a tail. */
function encodedSecond(seed: number): string {
  const histogram = createHistogram();
  for (let request = 0; request < 300; request++)
    recordUs(histogram, 1000 + ((request * 7919 + seed * 104_729) % 2000) * (request > 294 ? 20 : 1));
  return encodeHistogram(histogram);
}

function load(second: number, encoded: readonly string[]): LoadLine {
  return {
    kind: 'load',
    stage: 0,
    generator: 0,
    at: iso(second),
    durationS: 1,
    intended: 300,
    dropped: 0,
    lagUs: encoded[(second + 7) % encoded.length] as string,
    inFlightS: 0.6,
    sent: 300,
    outcomes: { ok: 300, unexpectedStatus: 0, timeout: 0, connectionError: 0 },
    statusCounts: { 200: 30, 302: 270 },
    routes: { redirect: { ok: 270, failed: 0 }, home: { ok: 30, failed: 0 } },
    latencyUs: encoded[second % encoded.length] as string,
    open: 2,
    eventLoopUtilization: 0.1,
    cpuS: 0.1,
  };
}

function host(second: number): HostLine {
  const user = 30 + 10 * Math.sin(second / 50);
  return {
    kind: 'host',
    at: iso(second + 1),
    source: 'local',
    host: 'box',
    intervalS: 1,
    metrics: {
      'system.cpu.user': user,
      'system.cpu.system': 8,
      'system.cpu.iowait': 1,
      'system.cpu.stolen': 0,
      'system.cpu.idle': 91 - user,
      'system.load.1': 0.9,
      'system.load.5': 0.8,
      'system.load.15': 0.7,
      'system.mem.used': 2e9,
      'system.mem.usable': 2e9,
      'system.mem.total': 4e9,
      'app.cpu': 40,
      'app.mem.rss': 9e7 + second * 10,
      'app.event_loop.utilization': 35,
    },
    perCore: { 'system.cpu.user': [user, user], 'system.cpu.system': [8, 8] },
    services: { nginx: { cpuPercent: 2, rssBytes: 2e7 }, jenkins: { cpuPercent: 4, rssBytes: 6e8 } },
  };
}

function writeRun(dir: string, seconds: number): void {
  mkdirSync(dir, { recursive: true });
  const encoded = Array.from({ length: 50 }, (_, variant) => encodedSecond(variant));
  const begin: StageLine = {
    kind: 'stage',
    stage: 0,
    name: 'soak',
    stageKind: 'open',
    role: 'measured',
    arrivalRatePerS: { from: 300, to: 300 },
    arrivals: 'constant',
    maxConnections: 256,
    startedAt: iso(0),
  };
  const end: StageEndLine = {
    kind: 'stage-end',
    stage: 0,
    generator: 0,
    finishedAt: iso(seconds),
    routeLatencyUs: { redirect: encoded[0] as string },
    rawLatencyUs: encoded[1] as string,
    errors: {},
  };
  const file = openSync(join(dir, 'seconds.jsonl'), 'w');
  const write = (line: unknown) => writeSync(file, `${JSON.stringify(line)}\n`);
  write(begin);
  for (let second = 0; second < seconds; second++) {
    write(load(second, encoded));
    write(host(second));
  }
  write(end);
  closeSync(file);
  const sample = Array.from({ length: 100 }, (_, second) => load(second, encoded));
  const stage = { ...stageFromLines(begin, sample, [end]), durationS: seconds };
  const run = makeRun({
    id: `soak-${seconds}`,
    generator: { ...makeRun().generator, hostname: 'box' },
    startedAt: iso(0),
    finishedAt: iso(seconds),
    target: { url: 'http://127.0.0.1:8000/', kind: 'shortener', startedByHarness: true },
    stages: [stage],
    thresholds: ['latency.p99 < 250ms'],
  });
  writeFileSync(join(dir, 'run.json'), JSON.stringify(run));
}

const root = fileURLToPath(new URL('../..', import.meta.url));

type Figures = { readonly reportS: number; readonly peakMiB: number; readonly pageKB: number };

/** The build, as users run it, in a process of its own, so that its memory is the report's alone. The start of the process and loading the code are not in the time. */
async function measure(call: string, page: string): Promise<Figures> {
  const script = `
    const { writeComparison, writeReport } = await import('./dist/reports/write.js');
    const began = performance.now();
    await ${call};
    console.log(JSON.stringify({ reportS: (performance.now() - began) / 1000, peakMiB: process.resourceUsage().maxRSS / 1024 }));`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [chunk] = await once(child.stdout, 'data');
  await once(child, 'exit');
  return { ...JSON.parse(String(chunk)), pageKB: statSync(page).size / 1000 };
}

/** Prints time, peak memory and page size of each. */
export async function run(): Promise<boolean> {
  const out = mkdtempSync(join(tmpdir(), 'headroom-report-'));
  const [hour, other, day] = [join(out, 'hour'), join(out, 'other'), join(out, 'day')];
  writeRun(hour, 3600);
  writeRun(other, 3600);
  writeRun(day, 86_400);
  await output(process.execPath, '--import', 'tsx', join(root, 'build.ts'));
  const quoted = (dir: string): string => JSON.stringify(dir);
  let holds = true;
  for (const [name, call, page, limits] of [
    ['an hour', `writeReport(${quoted(hour)})`, join(hour, 'report'), { s: 1.5, mib: 300 }],
    [
      'two compared',
      `writeComparison(${quoted(hour)}, ${quoted(other)})`,
      join(other, 'comparison'),
      { s: 1.5, mib: 300 },
    ],
    ['24 h', `writeReport(${quoted(day)})`, join(day, 'report'), { s: 10, mib: Number.POSITIVE_INFINITY }],
  ] as const) {
    const began = performance.now();
    const { reportS, peakMiB, pageKB } = await measure(call, join(page, 'index.html'));
    const wholeS = (performance.now() - began) / 1000;
    process.stdout.write(
      `   ${name}: ${reportS.toFixed(2)} s (${wholeS.toFixed(1)} s with the start of the process), peak ${peakMiB.toFixed(0)} MiB, page ${pageKB.toFixed(0)} KB\n`,
    );
    holds &&= reportS < limits.s && peakMiB < limits.mib && pageKB < mostPageKB;
  }
  rmSync(out, { recursive: true, force: true });
  return holds;
}

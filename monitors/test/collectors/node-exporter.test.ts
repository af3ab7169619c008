import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type HostLine, hostLineSchema } from '../../../model/second.ts';
import { UserError } from '../../../model/user-error.ts';
import { startNodeExporterSource } from '../../collectors/node-exporter.ts';
import { figuresBetween, parseScrape } from '../../collectors/node-exporter-figures.ts';

const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

const scrape = (seconds: Record<string, number>, more = '') =>
  Object.entries(seconds)
    .flatMap(([mode, value]) => [0, 1].map((cpu) => `node_cpu_seconds_total{cpu="${cpu}",mode="${mode}"} ${value}`))
    .join('\n') + more;

describe('figures', () => {
  test('counters become percent, with nice as user and steal as stolen', () => {
    const before = parseScrape(
      scrape({ idle: 100, user: 10, nice: 1, system: 5, irq: 0, softirq: 0, iowait: 2, steal: 0 }),
    );
    const after = parseScrape(
      scrape({ idle: 104, user: 13, nice: 2, system: 6, irq: 0.5, softirq: 0.5, iowait: 2, steal: 1 }),
    );
    if (!before || !after) throw new Error('no scrape');
    const { metrics, perCore } = figuresBetween(before, after, 11);
    const total = 4 + 3 + 1 + 1 + 0.5 + 0.5 + 1;
    expect(metrics['system.cpu.user']).toBeCloseTo((100 * 4) / total, 9);
    expect(metrics['system.cpu.system']).toBeCloseTo((100 * 2) / total, 9);
    expect(metrics['system.cpu.stolen']).toBeCloseTo((100 * 1) / total, 9);
    expect(metrics['system.cpu.iowait']).toBe(0);
    expect(perCore?.['system.cpu.idle']).toEqual([(100 * 4) / total, (100 * 4) / total]);
  });

  test('gauges come under the names of the catalogue; what is not there is missing', () => {
    const more = '\nnode_load1 1.5\nnode_memory_MemTotal_bytes 4e+09\nnode_memory_MemAvailable_bytes 1e+09\n';
    expect(parseScrape(scrape({ idle: 1 }, more))?.gauges).toEqual({
      'system.load.1': 1.5,
      'system.load.norm.1': 0.75,
      'system.mem.total': 4e9,
      'system.mem.usable': 1e9,
      'system.mem.pct_usable': 0.25,
    });
  });

  test('another exporter is none', () => {
    expect(parseScrape('# HELP x\nredis_up 1\n')).toBeUndefined();
  });

  test('a captured answer of Debian node exporter is read whole', () => {
    const captured = parseScrape(readFileSync(new URL('../fixtures/node-exporter.txt', import.meta.url), 'utf8'));
    expect(captured?.cores).toHaveLength(2);
    expect(captured?.host).toBe('box');
    expect(Object.keys(captured?.gauges ?? {})).toHaveLength(10);
    expect(captured?.timeS).toBeGreaterThan(1e9);
  });
});

test('an exporter that writes blanks between the tokens, and timestamps, gives the same figures', () => {
  const text = readFileSync(new URL('../fixtures/node-exporter-blanks.txt', import.meta.url), 'utf8');
  const later = text.replace('1000.5', '1000.9').replace('50.25', '50.85').replaceAll('1773306000000', '1773306001000');
  const [before, after] = [parseScrape(text), parseScrape(later)];
  if (!before || !after) throw new Error('no scrape');
  const { metrics } = figuresBetween(before, after, 1);
  expect(metrics['system.cpu.idle']).toBeCloseTo(40, 6);
  expect(metrics['system.cpu.user']).toBeCloseTo(60, 6);
  expect(metrics).toMatchObject({ 'system.load.1': 0.5, 'system.mem.total': 1e9, 'system.mem.usable': 6e8 });
});

describe('an address that is not a node_exporter', () => {
  test.each(['9100', 'ftp://x', ''])('%s is not a web address', async (url) => {
    await expect(startNodeExporterSource({ url, onSample: () => undefined })).rejects.toThrow('is not a web address');
  });

  test('nobody there', async () => {
    const started = startNodeExporterSource({ url: `http://127.0.0.1:${await freePort()}`, onSample: () => undefined });
    await expect(started).rejects.toThrow(UserError);
    await expect(started).rejects.toThrow('ECONNREFUSED');
  });

  test('a web site', async () => {
    const site = await serve(() => '<html>');
    await expect(startNodeExporterSource({ url: site, onSample: () => undefined })).rejects.toThrow(
      'is not a node_exporter',
    );
  });
});

/** Both cores half busy by this machine's clock, and a clock that is so far ahead. */
function halfBusy(aheadS: number): string {
  const nowS = Date.now() / 1000;
  return scrape({ idle: nowS / 2, user: nowS / 2 }, `\nnode_time_seconds ${nowS + aheadS}\n`);
}

test('a scrape that fails is a gap, and the sample after it covers the whole time', async () => {
  let count = 0;
  const url = await serve(() => {
    count++;
    return count === 2 ? undefined : halfBusy(0);
  });
  const gaps: string[] = [];
  const line = await new Promise<HostLine>((resolve, reject) => {
    startNodeExporterSource({ url, intervalS: 0.05, onGap: (why) => gaps.push(why), onSample: resolve }).then(
      (source) => cleanUps.push(() => source.stop()),
      reject,
    );
    keepAlive();
  });
  expect(gaps).toEqual([
    `${url}/metrics?${['cpu', 'loadavg', 'meminfo', 'time', 'uname'].map((each) => `collect%5B%5D=${each}`).join('&')} answered with status 500`,
  ]);
  // Two intervals, whole.
  expect(line.intervalS).toBeGreaterThan(0.09);
  expect(line.metrics['system.cpu.user']).toBeCloseTo(50, 1);
});

test('a clock that is set is no CPU time', async () => {
  let stepS = 0;
  const url = await serve(() => {
    stepS += 40;
    return halfBusy(stepS);
  });
  const line = await new Promise<HostLine>((resolve, reject) => {
    startNodeExporterSource({ url, intervalS: 0.05, onSample: resolve }).then(
      (source) => cleanUps.push(() => source.stop()),
      reject,
    );
    keepAlive();
  });
  expect(line.intervalS).toBeLessThan(20);
  // Between its two readings and ours lie moments: the share is near, not exact.
  expect(line.metrics['system.cpu.idle']).toBeGreaterThan(10);
});

const exporter = '/usr/bin/prometheus-node-exporter';
const withExporter = existsSync(exporter) || process.env.CI ? test : test.skip;

withExporter('prometheus-node-exporter: a busy core shows', async () => {
  const port = await freePort();
  const child = spawn(exporter, [`--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  cleanUps.push(() => end(child));
  const busy = spawn(process.execPath, ['-e', 'process.stdout.write("on"); for (;;);']);
  cleanUps.push(() => end(busy));
  await once(busy.stdout, 'data');
  keepAlive();
  const url = `http://127.0.0.1:${port}`;
  await untilItAnswers(`${url}/metrics?collect[]=time`);
  const lines = await new Promise<HostLine[]>((resolve, reject) => {
    const seen: HostLine[] = [];
    startNodeExporterSource({
      url,
      intervalS: 0.5,
      onSample: (line) => {
        seen.push(hostLineSchema.parse(line));
        if (seen.length === 3) resolve(seen);
      },
    }).then((source) => cleanUps.push(() => source.stop()), reject);
  });
  for (const { metrics, perCore, source } of lines) {
    const sum = ['user', 'system', 'iowait', 'stolen', 'idle'].reduce(
      (total, state) => total + (metrics[`system.cpu.${state}`] ?? Number.NaN),
      0,
    );
    expect(sum).toBeCloseTo(100, 6);
    expect(source).toBe('node-exporter');
    expect(Math.max(...(perCore?.['system.cpu.user'] ?? []))).toBeGreaterThan(20);
    expect(metrics['system.mem.total']).toBeGreaterThan(1e8);
  }
});

/** The sources' timers let the process end: this one keeps the test alive. */
function keepAlive(): void {
  const timer = setInterval(() => undefined, 1000);
  cleanUps.push(() => clearInterval(timer));
}

async function untilItAnswers(url: string): Promise<void> {
  for (;;) {
    const answered = await fetch(url).then(
      (response) => response.text(),
      () => undefined,
    );
    if (answered !== undefined) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function serve(answer: () => string | undefined): Promise<string> {
  const server = createServer((_, response) => {
    const text = answer();
    response.statusCode = text === undefined ? 500 : 200;
    response.end(text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

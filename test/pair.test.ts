// Two targets under the same load, through the command; each counts what really came.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { readRun } from '../model/run-folder.ts';
import { headroom } from './headroom.ts';

let out: string;
let fast: { server: Server; url: string; begun: string[] };
let slow: typeof fast;
let order: string[];

/** Answers after so long; notes whose turn it is. */
async function startTarget(name: string, delayMs: number): Promise<typeof fast> {
  const begun: string[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    begun.push(request.url ?? '');
    if (order.at(-1) !== name) order.push(name);
    setTimeout(() => response.end('ok'), delayMs);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, begun };
}

beforeEach(async () => {
  out = mkdtempSync(join(tmpdir(), 'pair-'));
  order = [];
  fast = await startTarget('fast', 2);
  slow = await startTarget('slow', 30);
});
afterEach(() => {
  for (const { server } of [fast, slow]) {
    server.closeAllConnections();
    server.close();
  }
  rmSync(out, { recursive: true, force: true });
});

const stress = (...flags: string[]) =>
  headroom(['stress', '--out', join(out, 'runs'), '--metrics', 'none', '--quiet', ...flags]);
const stage = (seconds: number) => ['--rate', '40', '--duration', String(seconds), '--poisson', '--seed', '7'];

test('A, B, B, A get the same arrivals, and make two blocks', async () => {
  const targets = ['--target', `${fast.url}/x`, '--pair', `${slow.url}/x`];
  const types = ['--instance', 't2.medium', '--pair-instance', 't2.micro'];
  const { stdout, code, stderr } = await stress(...targets, ...types, ...stage(1), '--json');
  const { runs, blocks, exitCode } = JSON.parse(stdout);
  expect({ stderr, code }).toEqual({ stderr: '', code: exitCode });
  // Both are asked for their page before either is loaded.
  expect(order).toEqual(['fast', 'slow', 'fast', 'slow', 'fast']);
  expect(runs.map(({ instanceType }: { instanceType: string }) => instanceType)).toEqual([
    't2.medium',
    't2.micro',
    't2.micro',
    't2.medium',
  ]);
  const intended = runs.map(
    (run: { stages: { requests: { intended: number } }[] }) => run.stages[0]?.requests.intended,
  );
  expect(new Set(intended).size).toBe(1);
  expect(readRun(runs[1].dir).target).toMatchObject({ instanceType: 't2.micro', vcpus: 1, memoryGiB: 1 });
  expect(blocks.map(({ baseline, candidate }: Record<string, string>) => [baseline, candidate])).toEqual([
    [runs[0].id, runs[1].id],
    [runs[3].id, runs[2].id],
  ]);
  for (const { comparison } of blocks)
    expect(readFileSync(join(comparison, 'index.html'), 'utf8')).toContain('t2.micro');
});

test.each([
  ['is not allowed', 'http://192.0.2.1:9/x', /^headroom: 192\.0\.2\.1 is another machine/],
  ['does not answer', 'http://127.0.0.1:1/x', /^headroom: http:\/\/127\.0\.0\.1:1\/x /],
])('a second target that %s is refused before the first is loaded', async (_, pair, why) => {
  const { code, stderr } = await stress('--target', `${fast.url}/x`, '--pair', pair, ...stage(1));
  expect(stderr).toMatch(why);
  expect(code).toBe(2);
  // At most the first target was asked for its page.
  expect(fast.begun.length).toBeLessThanOrEqual(1);
  expect(existsSync(join(out, 'runs'))).toBe(false);
});

test('at once, both get the same arrivals in turn, in one block', async () => {
  const at = ['--target', `${fast.url}/x`, '--pair', `${slow.url}/x`, '--pair-order', 'at-once'];
  const { stdout } = await stress(...at, ...stage(3));
  // More turns than in A, B, B, A.
  expect(order.length).toBeGreaterThan(5);
  expect(fast.begun.length).toBe(slow.begun.length);
  expect(stdout).toMatch(/^block 1: .* against /m);
  expect(stdout).not.toContain('block 2');
});

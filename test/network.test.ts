// --emulate-network: a whole run in a network of its own, whose loopback the kernel limits.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { findEmulation } from '../loadtest/emulation/cgroup-home.ts';
import { checkOwnNetwork } from '../loadtest/emulation/own-network.ts';
import { headroom, headroomHere } from './headroom.ts';

const canLimit = await checkOwnNetwork(process.env).then(
  async () => typeof (await findEmulation()) !== 'string',
  () => false,
);
const withTools = canLimit || process.env.CI ? test : test.skip;

let out: string;
beforeAll(() => {
  out = mkdtempSync(join(tmpdir(), 'network-'));
});
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Pages of 20 KB; writes how many bytes have left each token bucket, as the kernel counts them, and between which two times. */
const app = `
const { execFileSync } = require('node:child_process');
const page = 'x'.repeat(20_000);
require('node:http').createServer((_, answer) => answer.end(page)).listen(process.env.PORT, '127.0.0.1');
setInterval(() => {
  const before = performance.now();
  const sent = execFileSync('tc', ['-s', 'class', 'show', 'dev', 'lo'], { encoding: 'utf8' }).matchAll(/Sent (\\d+) bytes/g);
  console.log(before, performance.now(), ...[...sent].map(([, bytes]) => bytes));
}, 250);
`;

/** Counts of the app. */
const perSecond = 4;

describe('headroom stress --emulate-network', () => {
  withTools(
    'holds 20 KB pages of a t2.micro to 64 Mbit/s on the wire within 5 % (needs root, unshare, setpriv, ip and tc)',
    async () => {
      const file = join(out, 'app.cjs');
      writeFileSync(file, app);
      const { stdout } = await headroom([
        ...['stress', '--emulate-network', '--instances', 't2.micro', '--app', `node ${file}`],
        ...['--connections', '8', '--duration', '4', '--metrics', 'none', '--out', join(out, 'runs'), '--json'],
      ]);
      const [{ dir, status, warnings, stages }] = JSON.parse(stdout).runs;
      expect(status).toBe('complete');
      const counts = readFileSync(join(dir, 'app.log'), 'utf8')
        .split('\n')
        .map((line) => line.split(' ').map(Number))
        .filter((words) => words.length === 4) as [number, number, number, number][];
      // At least so many, over a second: a count may be read long before its process goes on.
      const rates = counts.slice(perSecond).map(([, until, , bytes], index) => {
        const [since, , , bytesBefore] = counts[index] as [number, number, number, number];
        return (8 * (bytes - bytesBefore)) / (until - since) / 1000;
      });
      // A machine that is busy with other things does not use all of it all the time.
      const most = Math.max(...rates);
      expect(most / 64).toBeGreaterThan(0.95);
      expect(most / 64).toBeLessThan(1.05);
      expect(stages[0].throughputPerS).toBeLessThan(410);
      expect(warnings).toContainEqual(expect.objectContaining({ code: 'network-emulated', mbps: 64, burstMbps: 1024 }));
      expect(JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')).target.networkMbps).toBe(64);
    },
  );

  withTools('passes the mistakes and the exit code of the run inside on', async () => {
    const { code, stderr } = await headroom(['stress', '--emulate-network', '--target', 'http://127.0.0.1:9/']);
    expect(code).toBe(2);
    expect(stderr).toBe(
      'headroom: --emulate-network is about emulated instances: add --instances t2.medium,t2.micro\n',
    );
  });

  test.each([
    ['--ui', ['--ui']],
    ['--metrics', ['--metrics', 'node-exporter=http://127.0.0.1:9100/metrics']],
    ['--publish', ['--publish', 'otlp=http://127.0.0.1:4318']],
  ])('refuses %s, which nothing in there can reach', async (flag, words) => {
    const { code, stderr } = await headroomHere(['stress', '--emulate-network', ...words]);
    expect(code).toBe(2);
    expect(stderr).toContain(`runs in a network of its own, which ${flag} would have to leave`);
  });

  test('says what is missing: root, or the first program', async () => {
    const said = process.getuid?.() === 0 ? 'needs the program setpriv' : 'needs root';
    await expect(checkOwnNetwork({ PATH: out })).rejects.toThrow(new RegExp(`^--emulate-network ${said}`));
  });
});

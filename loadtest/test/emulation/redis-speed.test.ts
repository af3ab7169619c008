import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, expect, test } from '@jest/globals';
import { openRedisSpeed, type RedisSpeed } from '../../emulation/redis-speed.ts';

const hasRedis = existsSync('/usr/bin/redis-benchmark') && existsSync('/usr/bin/redis-server');
const testWithRedis = hasRedis || process.env.CI ? test : test.skip;
const source = new URL('../../emulation/redis-speed.ts', import.meta.url).href;

let speed: RedisSpeed | undefined;
afterEach(async () => {
  await speed?.stop();
  speed = undefined;
});

/** The children of a process that are a redis-server. */
function serversOf(pid: number): readonly number[] {
  return readdirSync(`/proc/${pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').trim().split(' '))
    .filter((child) => child !== '' && readFileSync(`/proc/${child}/comm`, 'utf8').trim() === 'redis-server')
    .map(Number);
}

async function open(): Promise<RedisSpeed> {
  const found = await openRedisSpeed({ core: 0 });
  if ('code' in found) throw new Error(found.text);
  speed = found;
  return found;
}

testWithRedis('a window gives the CPU time of a SET, and nothing is left after the stop', async () => {
  const { window, stop } = await open();
  const setUs = (await window())?.setUs;
  // 8 to 15 us on the machines that this was written on; a tick of 10 ms in a window would be 0.4 us.
  expect(setUs).toBeGreaterThan(1);
  expect(setUs).toBeLessThan(200);
  expect(serversOf(process.pid)).toHaveLength(1);
  await stop();
  expect(serversOf(process.pid)).toEqual([]);
});

testWithRedis('another program of this machine can have redis write no file, and not end it', async () => {
  await open();
  const [pid] = serversOf(process.pid);
  const port = Number(
    /--port\0(\d+)|:(\d+)/
      .exec(readFileSync(`/proc/${pid}/cmdline`, 'utf8'))
      ?.slice(1)
      .find(Boolean),
  );
  const stranger = connect(port, '127.0.0.1');
  const asked = ['CONFIG SET dir /tmp', 'SAVE', 'BGREWRITEAOF', 'SLAVEOF 127.0.0.1 1', 'SHUTDOWN', 'PING'];
  stranger.end(`${asked.join('\r\n')}\r\n`);
  const answers = (await text(stranger)).trim().split('\r\n');
  expect(answers.map((answer) => answer.split(' ')[0])).toEqual([...asked.slice(1).map(() => '-NOPERM'), '+PONG']);
});

testWithRedis('a window after redis ended has no figure', async () => {
  const { window } = await open();
  const [pid = 0] = serversOf(process.pid);
  process.kill(pid, 'SIGKILL');
  expect(await window()).toBeUndefined();
});

testWithRedis.each(['SIGKILL', 'SIGTERM', 'SIGINT'] as const)(
  'redis ends with a harness that %s ends',
  async (signal) => {
    const script = `const { openRedisSpeed } = await import(${JSON.stringify(source)});
    await openRedisSpeed({ core: 0 }); console.log('open'); setInterval(() => {}, 1000);`;
    const tsx = createRequire(import.meta.url).resolve('tsx');
    const harness = spawn(process.execPath, ['--import', tsx, '--input-type=module', '-e', script]);
    await once(harness.stdout, 'data');
    const [pid] = serversOf(harness.pid as number);
    expect(pid).toBeGreaterThan(0);
    harness.kill(signal);
    await once(harness, 'exit');
    await gone(pid as number);
  },
);

async function gone(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((resolve) => setTimeout(resolve, 10));
}

testWithRedis.each([
  ['a server that is not installed', { server: 'no-such-server', benchmark: 'redis-benchmark' }, 'no-such-server'],
  ['a client that is not installed', { server: 'redis-server', benchmark: 'no-such-client' }, 'no-such-client'],
  ['a server that ends at once', { server: 'false', benchmark: 'redis-benchmark' }, 'exited'],
])('%s is a finding that says what to install, and leaves nothing behind', async (_, programs, cause) => {
  const found = await openRedisSpeed({ core: 0 }, programs);
  expect(found).toMatchObject({
    code: 'redis-not-started',
    cause: expect.stringContaining(cause),
    text: expect.stringContaining('Install redis-server, redis-tools'),
  });
  expect(serversOf(process.pid)).toEqual([]);
});

testWithRedis('a core that the machine does not have is a finding', async () => {
  const found = await openRedisSpeed({ core: 4095 });
  expect(found).toMatchObject({ code: 'redis-not-started', cause: expect.stringMatching(/affinity|CPU/) });
});

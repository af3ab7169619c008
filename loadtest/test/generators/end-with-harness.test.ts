// Nothing that a program has started outlives a harness that was killed, however it got away from its parent.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';

/** Each prints the pid of a process that would go on. */
const kinds = {
  'in a session of its own': 'setsid sleep 300 & echo $!',
  'and without its environment': 'env -i setsid sleep 300 & echo $!',
  'a daemon, whose parent is gone': "setsid sh -c 'sleep 300 & echo $!'",
  'that ignores SIGTERM': `setsid sh -c 'trap "" TERM; echo $$; while :; do sleep 1; done' &`,
};

const loads = (file: string) => new URL(`../../generators/${file}.ts`, import.meta.url).href;

test(`a killed harness leaves no process: ${Object.keys(kinds).join(', ')}`, async () => {
  const line = `${Object.values(kinds).join('\n')}\nwait`;
  const code = `import { spawn } from 'node:child_process';
    import { endWithHarness } from ${JSON.stringify(loads('end-with-harness'))};
    const mark = 'HEADROOM_TEST=${process.pid}';
    const env = { ...process.env, HEADROOM_TEST: '${process.pid}' };
    const child = spawn('/bin/sh', ['-c', ${JSON.stringify(line)}], { env, detached: true, stdio: ['ignore', 'pipe', 'ignore'] });
    endWithHarness(child.pid, 1000, { mark });
    child.stdout.pipe(process.stdout);`;
  const { NODE_OPTIONS: _, ...env } = process.env;
  const harness = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], { env });
  const pids: number[] = [];
  for await (const chunk of harness.stdout) {
    pids.push(...String(chunk).split('\n').filter(Boolean).map(Number));
    if (pids.length === Object.keys(kinds).length) break;
  }
  expect(pids.filter(lives)).toEqual(pids);
  harness.kill('SIGKILL');
  while (pids.some(lives)) await wait(20);
}, 60_000);

/** Not as a zombie that nobody has reaped yet. */
function lives(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

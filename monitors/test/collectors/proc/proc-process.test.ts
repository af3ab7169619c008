import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { parseProcess } from '../../../collectors/proc/proc-process.ts';

const captured = (name: string) =>
  parseProcess(readFileSync(new URL(`../../fixtures/proc-process-${name}.txt`, import.meta.url), 'utf8'));

test('reads a name with spaces and parentheses', () => {
  expect(captured('odd-name')).toMatchObject({ comm: 'a) (b c', isKernelThread: false });
  expect(captured('odd-name').parentPid).toBeGreaterThan(1);
  expect(captured('odd-name').rssPages).toBeGreaterThan(0);
});

test('knows a kernel thread', () => {
  expect(captured('kernel-thread')).toMatchObject({ pid: 2, comm: 'kthreadd', isKernelThread: true, rssPages: 0 });
});

test('keeps its own time and that of reaped children apart', () => {
  const { ownTicks, reapedTicks, startedAtTicks } = captured('with-reaped-children');
  expect({ ownTicks, reapedTicks, startedAtTicks }).toMatchInlineSnapshot(`
{
  "ownTicks": 49,
  "reapedTicks": 172,
  "startedAtTicks": 127671,
}
`);
});

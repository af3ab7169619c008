import { expect, test } from '@jest/globals';
import { rehearse } from '../../engines/rehearsal.ts';

const tcpHandles = (): number => process.getActiveResourcesInfo().filter((each) => each.startsWith('TCP')).length;

test('the rehearsal ends by itself and leaves one connection behind, which keeps compiled code, and no server', async () => {
  const before = tcpHandles();
  await rehearse();
  // Node calls back before it takes closed handles off its list.
  const patience = Date.now() + 5000;
  while (tcpHandles() > before + 1 && Date.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(tcpHandles()).toBe(before + 1);
});

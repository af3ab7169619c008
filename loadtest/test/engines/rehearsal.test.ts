import { expect, test } from '@jest/globals';
import { rehearse } from '../../engines/rehearsal.ts';

const tcpHandles = (): number => process.getActiveResourcesInfo().filter((each) => each.startsWith('TCP')).length;

test('the rehearsal ends by itself and leaves nothing behind that keeps the process running', async () => {
  const before = tcpHandles();
  await rehearse();
  // Node calls back before it takes closed handles off its list.
  const patience = Date.now() + 60_000;
  while (tcpHandles() > before && Date.now() < patience) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(tcpHandles()).toBeLessThanOrEqual(before);
});

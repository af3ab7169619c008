import { expect, test } from '@jest/globals';
import { rehearse } from '../rehearsal.ts';

test('the rehearsal ends by itself and leaves no server and no connection behind', async () => {
  const before = process.getActiveResourcesInfo().filter((each) => each.startsWith('TCP')).length;
  await rehearse();
  // Node calls back before it takes the closed handle off its list.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(process.getActiveResourcesInfo().filter((each) => each.startsWith('TCP'))).toHaveLength(before);
});

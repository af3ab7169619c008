import { expect, test } from '@jest/globals';
import { type Turn, takeTurns } from '../../run/turns.ts';

/** Runs that visit so many times and then leave; gives the order of their visits. */
async function visitsOf(counts: readonly number[], before: (turn: Turn) => Promise<void> = async () => {}) {
  const order: string[] = [];
  let inside = 0;
  const turns = takeTurns(counts.length);
  const run = async (turn: Turn, count: number, name: string) => {
    await before(turn);
    for (let visit = 0; visit < count; visit++) {
      await turn.visit(async () => {
        inside++;
        expect(inside).toBe(1);
        await new Promise(setImmediate);
        order.push(name);
        inside--;
      });
    }
    turn.leave();
  };
  await Promise.all(turns.map((turn, index) => run(turn, counts[index] as number, 'ABC'[index] as string)));
  return order.join('');
}

test('two runs are visited A B B A, one at a time', async () => {
  expect(await visitsOf([4, 4])).toBe('ABBAABBA');
});

test('three runs are visited in every other round in the reverse order', async () => {
  expect(await visitsOf([2, 2, 2])).toBe('ABCCBA');
});

test('a run that has left is not waited for', async () => {
  expect(await visitsOf([1, 3])).toBe('ABBB');
  expect(await visitsOf([0, 2])).toBe('BB');
});

test('runs begin a stage together: who is done with the one before waits', async () => {
  const order: string[] = [];
  const [a, b] = takeTurns(2) as [Turn, Turn];
  const first = a.meet().then(() => order.push('A met'));
  const second = (async () => {
    await b.visit(async () => order.push('B visited'));
    await b.visit(async () => order.push('B visited'));
    await b.meet();
    order.push('B met');
  })();
  await Promise.all([first, second]);
  expect(order.slice(0, 2)).toEqual(['B visited', 'B visited']);
  expect(new Set(order.slice(2))).toEqual(new Set(['A met', 'B met']));
});

test('a visit that fails gives the turn on', async () => {
  const [a, b] = takeTurns(2) as [Turn, Turn];
  const failing = a.visit(() => Promise.reject(new Error('no load'))).finally(a.leave);
  const going = b.visit(async () => 'visited');
  await expect(failing).rejects.toThrow('no load');
  await expect(going).resolves.toBe('visited');
});

// Runs that are alive at once on the same cores, and visit their targets in turn: A B B A, so that what drifts meets all of them alike.

/** One run's part in the turns. */
export type Turn = {
  /** Resolves when all runs have come here: they begin each stage of the profile together. */
  meet(): Promise<void>;
  /** Does the work while no other run does any. Each round visits every run that asked once, every other round in the reverse order. */
  visit<T>(work: () => Promise<T>): Promise<T>;
  /** The other runs no longer wait for this one. */
  leave(): void;
};

type Waiting = { readonly at: 'meeting' | 'visit'; readonly go: () => void };

/** The turns of `count` runs. */
export function takeTurns(count: number): readonly Turn[] {
  const present = new Set(Array.from({ length: count }, (_, index) => index));
  const waiting = new Map<number, Waiting>();
  let visiting = false;
  let round = 0;
  /** Goes on only when no run can still come: a round has everybody who wants a visit. */
  const goOn = (): void => {
    if (visiting || waiting.size < present.size) return;
    const visits = [...waiting].filter(([, { at }]) => at === 'visit').sort(([a], [b]) => a - b);
    if (visits.length === 0) {
      const met = [...waiting.values()];
      waiting.clear();
      for (const { go } of met) go();
      return;
    }
    serve(round++ % 2 === 0 ? visits : visits.reverse());
  };
  let served: [number, Waiting][] = [];
  const serve = (visits: [number, Waiting][]): void => {
    served = visits;
    next();
  };
  const next = (): void => {
    const first = served.shift();
    visiting = first !== undefined;
    if (!first) {
      goOn();
      return;
    }
    waiting.delete(first[0]);
    first[1].go();
  };
  const wait = (run: number, at: Waiting['at']): Promise<void> =>
    new Promise((resolve) => {
      waiting.set(run, { at, go: resolve });
      goOn();
    });
  return Array.from({ length: count }, (_, run) => ({
    meet: () => wait(run, 'meeting'),
    visit: async (work) => {
      await wait(run, 'visit');
      try {
        return await work();
      } finally {
        next();
      }
    },
    leave: () => {
      present.delete(run);
      goOn();
    },
  }));
}

/** The turns of a run that is the only one. */
export const alone: Turn = { meet: async () => {}, visit: (work) => work(), leave: () => {} };

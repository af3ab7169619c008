// Who thinks, and until when: the one who is ready first comes first (a binary heap).

type Thinking<User> = {
  add(user: User, readyAt: number): void;
  /** When the first of them is ready; Infinity when none of them thinks. */
  readyAt(): number;
  /** The first of them, who thinks no longer. */
  take(): User;
};

export function startThinking<User>(): Thinking<User> {
  const heap: { readonly user: User; readonly readyAt: number }[] = [];
  const at = (place: number): number => heap[place]?.readyAt ?? Number.POSITIVE_INFINITY;
  const swap = (one: number, other: number): void => {
    const moved = heap[one] as (typeof heap)[number];
    heap[one] = heap[other] as (typeof heap)[number];
    heap[other] = moved;
  };
  return {
    add(user, readyAt) {
      let place = heap.push({ user, readyAt }) - 1;
      for (let above = (place - 1) >> 1; place > 0 && at(above) > at(place); above = (place - 1) >> 1) {
        swap(place, above);
        place = above;
      }
    },
    readyAt: () => at(0),
    take() {
      const first = heap[0] as (typeof heap)[number];
      const last = heap.pop() as (typeof heap)[number];
      if (heap.length > 0) heap[0] = last;
      let place = 0;
      for (;;) {
        const below = at(2 * place + 1) <= at(2 * place + 2) ? 2 * place + 1 : 2 * place + 2;
        if (at(below) >= at(place)) return first.user;
        swap(place, below);
        place = below;
      }
    },
  };
}

// Who thinks, and until when. All think for the same time, so who began first is ready first.

export type Thinking<User> = {
  /** `readyAt`: never before that of who was added last. */
  add(user: User, readyAt: number): void;
  /** When the first of them is ready; Infinity when none of them thinks. */
  readyAt(): number;
  /** The first of them, who thinks no longer. */
  take(): User;
};

/** Of `most` users; each thinks once at a time. */
export function startThinking<User>(most: number): Thinking<User> {
  const times = new Float64Array(most);
  const users = new Array<User>(most);
  let first = 0;
  let count = 0;
  return {
    add(user, readyAt) {
      const place = (first + count++) % most;
      users[place] = user;
      times[place] = readyAt;
    },
    readyAt: () => (count === 0 ? Number.POSITIVE_INFINITY : (times[first] as number)),
    take() {
      const user = users[first] as User;
      first = (first + 1) % most;
      count--;
      return user;
    },
  };
}

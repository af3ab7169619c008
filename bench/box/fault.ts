// What a fault is, and what is common to those of the shortener.
import { setTimeout as wait } from 'node:timers/promises';
import type { Guest } from './guest.ts';
import { ask, lostLinks, startVisits, type Visits } from './visitors.ts';

export type Fault = {
  readonly name: string;
  /** What must hold, for the table. */
  readonly invariant: string;
  /** Resolves with what does not hold. */
  inject(guest: Guest): Promise<readonly string[]>;
};

/** Injects while visitors come; resolves with what did not hold of `check`, and with the links that were acknowledged and are lost. */
export function underLoad<Seen>(
  inject: (guest: Guest) => Promise<Seen>,
  check: (seen: Seen, visits: Visits, guest: Guest) => readonly string[] | Promise<readonly string[]>,
): Fault['inject'] {
  return async (guest) => {
    const visits = startVisits(guest.site);
    await wait(3000);
    const seen = await inject(guest).finally(() => wait(2000));
    const back = await comesBack(guest);
    const made = await visits.stop();
    const lost = await lostLinks(guest.site, made.created);
    return [
      ...(back ? [] : [`the site does not answer within ${comesBackS} s`]),
      ...(made.answered > 10 && made.created.length > 0 ? [] : ['there was no load']),
      ...(lost.length > 0
        ? [`${lost.length} of ${made.created.length} acknowledged links are lost: ${lost.join(', ')}`]
        : []),
      ...(await check(seen, made, guest)),
    ];
  };
}

/** No redirect failed. */
export function noneFailed({ failed }: Visits): readonly string[] {
  const problems = Object.entries(failed).map(([problem, count]) => `${count} x ${problem}`);
  return problems.length === 0 ? [] : [`redirects failed: ${problems.join(', ')}`];
}

/** What is not as expected, in one line. */
export function differs(what: string, found: string | number, expected: string | number): readonly string[] {
  return found === expected ? [] : [`${what}: ${found}, not ${expected}`];
}

/** An emulated CPU takes 10 to 12 s for a start, and minutes beside other work. */
const comesBackS = 300;

/** Whether the site redirects within the time. */
async function comesBack({ site }: Guest): Promise<boolean> {
  for (let second = 0; second < comesBackS; second++) {
    if ((await ask(site, 'GET', '/go')).status === '302') return true;
    await wait(1000);
  }
  return false;
}

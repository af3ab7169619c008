// The table by which the number of generators is chosen: what one process gets answered by nginx, as a share of what it sent to itself in
// its rehearsal.
import { shareOfRehearsed } from '../../loadtest/generators/generator-count.ts';
import { median, print } from '../rounds.ts';
import { fullRate } from './full-rate.ts';
import { startSite } from './nginx-site.ts';

export const claim =
  'answers of nginx for a second of CPU time over those of the rehearsal, plain, TLS and walks: within 25 % of the table in generator-count.ts (medians of 5 fresh processes)';

const processes = 5;
const mostOff = 0.25;

/** Prints a row for each kind of load. */
export async function run(): Promise<boolean> {
  const { plain, secure, stop } = await startSite();
  const kinds = {
    plain: () => fullRate(plain, false),
    secure: () => fullRate(secure, false),
    walk: () => fullRate(plain, true),
    secureWalk: () => fullRate(secure, true),
  };
  let holds = true;
  for (const kind of Object.keys(kinds) as (keyof typeof kinds)[]) {
    const shares: number[] = [];
    const perS: number[] = [];
    while (shares.length < processes) {
      const { perCpuS, rehearsedPerS } = await kinds[kind]();
      shares.push(perCpuS / rehearsedPerS);
      perS.push(perCpuS);
    }
    const [share, inTable] = [median(shares), shareOfRehearsed[kind]];
    const range = [Math.min(...shares), Math.max(...shares)].map((each) => each.toFixed(2)).join(' to ');
    print(
      `${kind.padEnd(10)} ${Math.round(median(perS))}/s, ${share.toFixed(2)} of the rehearsal (${range}), table ${inTable}`,
    );
    holds &&= Math.abs(share / inTable - 1) <= mostOff;
  }
  await stop();
  return holds;
}

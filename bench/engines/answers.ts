// Our parser beside undici and Node's own client on made-up answers.
import { performance } from 'node:perf_hooks';
import fc from 'fast-check';
import { madeUpAnswer } from '../../loadtest/test/engines/made-up-answers.ts';
import { difference, readByUs } from '../../loadtest/test/engines/same-answer.ts';

export const claim =
  '100,000 made-up answers, right and wrong, cut at any place: same status, body length and ending as undici and as Node, or all refuse';

const numRuns = 100_000;
const seed = 1;
const mostShown = 10;

/** Prints the first differences, and how many answers there were. */
export async function run(): Promise<boolean> {
  const begin = performance.now();
  let answers = 0;
  let differences = 0;
  for (const answer of fc.sample(madeUpAnswer, { numRuns, seed })) {
    if (readByUs(answer).read.ending === 'answer') answers++;
    const found = await difference(answer);
    if (found === undefined || ++differences > mostShown) continue;
    const text = JSON.stringify(Buffer.concat(answer.pieces).toString('latin1'));
    process.stdout.write(`   ${answer.method} ${text}: ${JSON.stringify(found)}\n`);
  }
  const tookS = Math.round((performance.now() - begin) / 1000);
  process.stdout.write(
    `   ${numRuns} cases in ${tookS} s: ${answers} read whole by us, the others refused; ${differences} differ\n`,
  );
  return differences === 0;
}

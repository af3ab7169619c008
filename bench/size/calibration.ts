// How often the intervals of predictions hold: a series of runs of two types in turn, alone and beside a neighbour at work.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeLedger } from '../../reports/messages/ledger.ts';
import { makeLedger } from '../../reports/sizing/ledger.ts';
import { readSizing } from '../../reports/sizing-file.ts';
import { describeAnswer, measureOnce, startNeighbour } from './measuring-part.ts';

export const claim =
  'predictions of a t2.micro from a t2.medium: their intervals hold in 9 of 10 gradings, on quiet cores and beside neighbours (parts: N runs, 12 without)';

/** In turn; runs without a verdict predict nothing. */
const neighbours = [undefined, undefined, 'build', undefined, undefined, 'hog'] as const;
const share = 0.9;

/** Prints every run and the ledger of all of them. */
export async function run(part = '12'): Promise<boolean> {
  const count = Number(part);
  if (!(count >= 1)) throw new Error(`no part ${part}; a part is a number of runs, as 12`);
  const runs = mkdtempSync(join(tmpdir(), 'calibration-'));
  try {
    for (let index = 0; index < count; index++) {
      const kind = neighbours[index % neighbours.length];
      const stop = kind && startNeighbour(kind);
      const answer = await measureOnce(runs).finally(stop);
      process.stdout.write(`   ${kind ? `beside a ${kind}` : 'alone'}: ${describeAnswer(answer)}\n`);
    }
    const ledger = makeLedger(readdirSync(runs).flatMap((id) => readSizing(join(runs, id))?.record ?? []));
    process.stdout.write(`   ${describeLedger(ledger).replaceAll('\n', '\n   ')}\n`);
    return ledger.graded > 0 && ledger.held >= share * ledger.graded;
  } finally {
    rmSync(runs, { recursive: true });
  }
}

// How long the open blocks of a search are, and how many are sent.
import * as z from 'zod';

/** Of load. A growing queue shows between the first second and the rest. */
export const openBlockS = z.number().min(1.2).max(60);

/** Blocks that are disturbed, or whose generator was late, are sent again, but only so many in all. */
export const moreOpenBlocks = 2;
/** Of load before each block, which makes an app that rested warm. */
export const openBlockLeadS = 0.1;
/** Seconds that the speed check, the lead and opening connections take beside a block. */
const besideOpenBlockS = 0.8;

/** Seconds of so many blocks: when none is disturbed, and at the most. */
export function openBlocksS(count: number, durationS: number): { readonly usual: number; readonly most: number } {
  const blockS = durationS + besideOpenBlockS;
  return { usual: count * blockS, most: (count + moreOpenBlocks) * blockS };
}

// Texts of the findings of traffic/ and sizing/.
import type { SizingFindings } from '../schema/sizing-findings.ts';
import { checkTexts } from './sizing-checks.ts';
import { predictionTexts } from './sizing-predictions.ts';
import { recommendationTexts } from './sizing-recommendation.ts';
import { typeTexts } from './sizing-types.ts';
import { trafficTexts } from './traffic.ts';

export const sizingTexts: { readonly [C in keyof SizingFindings]: (figures: SizingFindings[C]) => string } = {
  ...trafficTexts,
  ...sentencesOf(checkTexts),
  ...typeTexts,
  ...recommendationTexts,
  ...predictionTexts,
};

/** Reasons stand alone: they begin with a capital. Inside another text of a sizing they do not. */
function sentencesOf(texts: typeof checkTexts): typeof checkTexts {
  const entries = Object.entries(texts).map(([code, text]) => [
    code,
    (figures: never) => text(figures).replace(/^./, (letter) => letter.toUpperCase()),
  ]);
  return Object.fromEntries(entries);
}

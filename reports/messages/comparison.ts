// Texts of the findings of comparison/.
import type { ComparisonFindings } from '../schema/comparison-findings.ts';

export const comparisonTexts: { readonly [C in keyof ComparisonFindings]: (figures: ComparisonFindings[C]) => string } =
  {};

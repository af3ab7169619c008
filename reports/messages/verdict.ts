// Texts of the findings of verdict/.
import type { VerdictFindings } from '../schema/verdict-findings.ts';

export const verdictTexts: { readonly [C in keyof VerdictFindings]: (figures: VerdictFindings[C]) => string } = {};

// Texts of the findings of sizing/.
import type { SizingFindings } from '../schema/sizing-findings.ts';

export const sizingTexts: { readonly [C in keyof SizingFindings]: (figures: SizingFindings[C]) => string } = {};

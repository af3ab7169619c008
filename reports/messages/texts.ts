// The shape of a table of texts.
import type { Finding } from '../../model/finding.ts';

/** For each code the function from its figures to one sentence; `textOf` is for findings inside the figures. */
export type TextsOf<Findings> = {
  readonly [C in keyof Findings]: (figures: Findings[C], textOf: (finding: Finding) => string) => string;
};

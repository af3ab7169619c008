// The text of a finding from one table of texts.
import type { Finding, Texts } from '../../model/finding.ts';

/** The text that was written with the finding, else the one of the table. Throws for a code that has none. */
export function textFrom(texts: Texts, finding: Finding): string {
  if (finding.text !== undefined) return finding.text;
  const text = texts[finding.code];
  if (!text) throw new Error(`no text for the code ${finding.code}`);
  return text(finding as never);
}

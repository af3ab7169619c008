// The one place where a finding becomes a sentence, for pages, terminal, Markdown and JSON alike.
import type { Finding } from '../../model/finding.ts';
import { comparisonTexts } from './comparison.ts';
import { sizingTexts } from './sizing.ts';
import { verdictTexts } from './verdict.ts';

const texts: Readonly<Record<string, (figures: never) => string>> = {
  ...sizingTexts,
  ...verdictTexts,
  ...comparisonTexts,
};

/** The sentence of a finding: of a run's own the one that was written with it. Throws for a code that has none. */
export function textOf(finding: Finding): string {
  if (finding.text !== undefined) return finding.text;
  const text = texts[finding.code];
  if (!text) throw new Error(`no text for the code ${finding.code}`);
  return text(finding as never);
}

/** For JSON.stringify: writes the text of each finding beside its code and figures. */
export function withText(_key: string, value: unknown): unknown {
  const isFinding =
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    value.code in texts;
  return isFinding && !('text' in value) ? { ...value, text: textOf(value as Finding) } : value;
}

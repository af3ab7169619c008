// The one place where a finding becomes a sentence, for pages, terminal, Markdown and JSON alike. A sentence begins with a capital and has no
// full stop at its end.
import type { Finding } from '../../model/finding.ts';
import { comparisonTexts } from './comparison.ts';
import { headlineTexts } from './headline.ts';
import { limitTexts } from './limits.ts';
import { questionTexts } from './questions.ts';
import { recordedTexts } from './recorded.ts';
import { replayTexts } from './replay-log.ts';
import { riskTexts } from './risks.ts';
import { checkTexts } from './sizing-checks.ts';
import { predictionTexts } from './sizing-predictions.ts';
import { recommendationTexts } from './sizing-recommendation.ts';
import { typeTexts } from './sizing-types.ts';
import { trafficTexts } from './traffic.ts';
import { trustTexts } from './trust.ts';

type Text = (figures: never, textOf: (finding: Finding) => string) => string;

const texts: Readonly<Record<string, Text>> = {
  ...trafficTexts,
  ...checkTexts,
  ...typeTexts,
  ...recommendationTexts,
  ...predictionTexts,
  ...limitTexts,
  ...replayTexts,
  ...trustTexts,
  ...headlineTexts,
  ...questionTexts,
  ...comparisonTexts,
  ...recordedTexts,
  ...riskTexts,
};

/** The sentence of a finding: of a run's own the one that was written with it. A code that only an edited or newer file has stands for itself. */
export function textOf(finding: Finding): string {
  if (finding.text !== undefined) return finding.text;
  const text = Object.hasOwn(texts, finding.code) ? texts[finding.code] : undefined;
  return text ? text(finding as never, textOf) : finding.code;
}

/** Several findings as sentences in a row, without a full stop at the end. */
export function sentences(findings: readonly Finding[]): string {
  return findings.map(textOf).join('. ');
}

/** As many of the findings as `words` allow, at least the first, which is cut when it is longer. */
export function briefly(findings: readonly Finding[], words: number): string {
  let [text, room] = ['', words];
  for (const next of findings.map(textOf)) {
    const count = next.split(' ').length;
    if (text !== '' && count > room) break;
    text = text === '' ? cut(next, words) : `${text}. ${next}`;
    room -= count;
  }
  return text;
}

/** Whole sentences where the first one fits, else words. */
function cut(text: string, words: number): string {
  const count = (part: string) => part.split(' ').length;
  if (count(text) <= words) return text;
  const kept: string[] = [];
  for (const sentence of text.split('. ')) {
    if (count([...kept, sentence].join('. ')) > words) break;
    kept.push(sentence);
  }
  return kept.length > 0 ? kept.join('. ') : `${text.split(' ').slice(0, words).join(' ')} …`;
}

/** For JSON.stringify: writes the text of each finding beside its code and figures. */
export function withText(_key: string, value: unknown): unknown {
  const isFinding =
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(texts, value.code);
  return isFinding && !('text' in value) ? { ...value, text: textOf(value as Finding) } : value;
}

// How an outcome looks: one word, one sign and one terminal colour for all renderers. Its class on pages is its name.

const looks = {
  /** Green: what was asked holds, with the whole interval and a valid measurement. */
  pass: { word: 'PASS', sign: '✅', color: 32 },
  /** Red. */
  fail: { word: 'FAIL', sign: '❌', color: 31 },
  /** Amber: it depends on a traffic that was not given, the interval straddles, or a prediction missed. */
  depends: { word: 'DEPENDS', sign: '⚠️', color: 33 },
  /** Grey: the measurement says nothing. */
  'no-verdict': { word: 'NO VERDICT', sign: '⚪', color: 90 },
} as const;

export type Outcome = keyof typeof looks;

/** For a badge: `PASS`, `FAIL`, `DEPENDS`, `NO VERDICT`. */
export function verdictWord(outcome: Outcome): string {
  return looks[outcome].word;
}

/** For Markdown. */
export function verdictSign(outcome: Outcome): string {
  return looks[outcome].sign;
}

/** The text in the colour of the outcome, or as it is. */
export function paint(outcome: Outcome, text: string, color: boolean): string {
  return color ? `\u001b[${looks[outcome].color}m${text}\u001b[0m` : text;
}

/** Lines, with a word of the first one in the colour of its outcome. */
export function paintFirst(
  [first = '', ...others]: readonly string[],
  [word, outcome]: readonly [word: string, outcome: Outcome],
  color: boolean,
): string[] {
  return [first.replace(word, paint(outcome, word, color)), ...others];
}

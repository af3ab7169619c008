// How wide a bold label is: letters differ by more than twice, so a count of characters cuts names of wide ones off.

/** Pixels at 12 px in DejaVu Sans Bold, the widest common sans-serif; the widest letter of each kind. */
const kinds: readonly (readonly [RegExp, number])[] = [
  [/[mMwW%@]/, 13.3],
  [/[fijlt.,:;'|! ()/-]/, 5.7],
  [/[crsz]/, 7.2],
  [/[A-Z]/, 10.1],
];
const others = 8.6;

/** The width of a bold label of 12 px, at most. */
export function boldWidth(text: string): number {
  return [...text].reduce((sum, letter) => sum + (kinds.find(([kind]) => kind.test(letter))?.[1] ?? others), 0);
}

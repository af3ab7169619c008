/** The candidate with the smallest edit distance (Levenshtein 1966); the first of several. */
export function nearest(word: string, candidates: readonly string[]): string {
  return nearestFew(word, candidates, 1)[0] ?? '';
}

/** The nearest candidate, if it shares half of its letters with the word, else the first that has the word in it; else undefined. */
export function nearEnough(word: string, candidates: readonly string[]): string | undefined {
  const [first] = nearestFew(word, candidates, 1);
  if (first !== undefined && distanceOf(word, first) <= word.length / 2) return first;
  return word.length < 3 ? undefined : candidates.find((each) => each.includes(word));
}

/** ` Did you mean X?`, to follow a sentence, where a candidate is near enough; else `otherwise`. */
export function didYouMean(word: string, candidates: readonly string[], otherwise = ''): string {
  const near = nearEnough(word, candidates);
  return near === undefined ? otherwise : ` Did you mean ${near}?`;
}

/** The candidate that a word is with two letters exchanged, or one letter wrong (two from five letters on); else undefined. */
export function mistyped(word: string, candidates: readonly string[]): string | undefined {
  const near = nearest(word, candidates);
  const distance = distanceOf(word, near);
  const sorted = (text: string) => [...text].sort().join('');
  return distance <= (word.length < 5 ? 1 : 2) || (distance === 2 && sorted(word) === sorted(near)) ? near : undefined;
}

/** At most so many, the nearest first; behind the first one only such as share half of their letters with the word. */
export function nearestFew(word: string, candidates: readonly string[], most = 3): string[] {
  const ranked = candidates
    .map((each) => ({ each, distance: distanceOf(word, each) }))
    .sort((a, b) => a.distance - b.distance);
  return ranked
    .filter(({ distance }, index) => index === 0 || distance <= word.length / 2)
    .slice(0, most)
    .map(({ each }) => each);
}

function distanceOf(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

/**
 * A tag as Datadog keeps it: in lower case, other characters as one `_`, at most 200.
 * https://docs.datadoghq.com/getting_started/tagging/#define-tags
 */
export function keptTag(tag: string): string {
  // Letter by letter: some become several in lower case.
  const lower = Array.from(tag.trim(), (letter) => Array.from(letter.toLowerCase())[0] ?? '');
  const plain = lower
    .join('')
    .replace(/[^\p{L}\p{N}_\-:./]+/gu, '_')
    .replace(/_+/g, '_');
  return Array.from(plain)
    .slice(0, 200)
    .join('')
    .replace(/[_:]+$/, '');
}

// Names, URLs and messages come from outside. Before they are shown anywhere they lose what is not text.

// Built from numbers because the linter, rightly, wants no control characters in a literal.
const range = (from: number, to: number) => `${String.fromCodePoint(from)}-${String.fromCodePoint(to)}`;
const esc = String.fromCodePoint(0x1b);

/** Terminal escape sequences: CSI (colours, cursor), OSC (titles, links), and the two-character ones. */
const terminalSequences = new RegExp(
  `${esc}(?:\\[[0-?]*[ -/]*[@-~]|\\][^${String.fromCodePoint(7)}${esc}]*(?:${String.fromCodePoint(7)}|${esc}\\\\)?|[@-Z\\\\^_])`,
  'g',
);
/** Control characters but tab and line feed; characters that turn the reading direction; those that XML forbids. */
const notText = new RegExp(
  `[${range(0, 8)}${range(0xb, 0x1f)}${range(0x7f, 0x9f)}${range(0x202a, 0x202e)}${range(0x2066, 0x2069)}${range(0xfffe, 0xffff)}]`,
  'g',
);
const loneSurrogates = /\p{Cs}/gu;
const lineSeparators = new RegExp(`[${range(0x2028, 0x2029)}]`, 'g');

/** The text without terminal sequences, control characters and lone surrogates; tabs and line feeds stay. */
export function plainText(text: string): string {
  return text
    .replace(loneSurrogates, '\uFFFD')
    .replace(terminalSequences, '')
    .replace(notText, '')
    .replace(lineSeparators, ' ');
}

/** The same on one line. */
export function plainLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** A JSON value with every string and every key in it made plain text. */
export function plainRecord<T>(value: T): T {
  if (typeof value === 'string') return plainText(value) as T;
  if (Array.isArray(value)) return value.map(plainRecord) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [plainText(key), plainRecord(each)])) as T;
}

// Text and tables within the width of a terminal.
import { plainLine } from './plain-text.ts';

/** Where stdout is no terminal. */
export const usualColumns = 100;
/** Of an answer, unless everything was asked for. */
export const mostLines = 25;

type Layout = {
  /** Of the lines after the first. */
  readonly indent?: number;
  /** Before the first line, as wide as the others are indented. */
  readonly name?: string;
  /** How many lines; the last one of a longer text ends in `…`. */
  readonly most?: number;
};

/** Lines of at most `columns` characters; words that are longer than a line are cut. */
export function wrap(text: string, columns: number, layout: Layout = {}): string[] {
  const { indent = 0, name = '', most = Number.POSITIVE_INFINITY } = layout;
  const first = name.padEnd(name === '' ? 0 : indent);
  const room = (line: number) => columns - (line === 0 ? first.length : indent);
  const lines: string[] = [''];
  for (const word of plainLine(text).split(' ')) {
    const at = lines.length - 1;
    const joined = lines[at] ? `${lines[at]} ${word}` : word;
    if (joined.length <= room(at) || lines[at] === '') lines[at] = shorten(joined, room(at));
    else lines.push(shorten(word, room(at + 1)));
  }
  const kept = lines.slice(0, most);
  if (kept.length < lines.length) kept.push(`${wholeWords(kept.pop() ?? '', room(kept.length) - 2)} …`);
  return kept.map((line, index) => `${index === 0 ? first : ' '.repeat(indent)}${line}`);
}

/** The text with its longer lines wrapped; without a terminal as it is. */
export function wrapLines(text: string, columns: number | undefined): string {
  if (columns === undefined) return text;
  const fit = (line: string): readonly string[] => {
    if (line.length <= columns) return [line];
    const lead = ' '.repeat(line.search(/\S/));
    return wrap(line.trimStart(), columns - lead.length, { indent: 2 }).map((each) => `${lead}${each}`);
  };
  return text.split('\n').flatMap(fit).join('\n');
}

/** Between the first lines and the last ones as many whole entries as leave `most` lines in all. */
export function fitBetween(
  head: readonly string[],
  entries: readonly (readonly string[])[],
  tail: readonly string[],
  most = mostLines,
): string {
  let room = most - head.length - tail.length;
  const kept: string[] = [];
  for (const entry of entries) {
    room -= entry.length;
    if (room < 0) break;
    kept.push(...entry);
  }
  return [...head, ...kept, ...tail].join('\n');
}

export type TextColumn = {
  readonly head: string;
  readonly align: 'left' | 'right';
  /** Columns of the highest rank go first where the table is too wide; 0 stays. */
  readonly rank: number;
};

/** The rows under their heads, without the columns that do not fit. */
export function alignTable(
  all: readonly TextColumn[],
  given: readonly (readonly string[])[],
  columns: number,
): string[] {
  const rows = given.map((row) => row.map(plainLine));
  const widths = all.map(({ head }, at) => Math.max(head.length, ...rows.map((row) => (row[at] ?? '').length)));
  const kept = new Set(all.keys());
  const width = () => [...kept].reduce((sum, at) => sum + (widths[at] ?? 0) + 2, -2);
  for (const at of [...all.keys()].sort((a, b) => (all[b]?.rank ?? 0) - (all[a]?.rank ?? 0)))
    if (width() > columns && (all[at]?.rank ?? 0) > 0) kept.delete(at);
  return [all.map(({ head }) => head), ...rows].map((row) =>
    shorten(
      [...kept]
        .map((at) => (row[at] ?? '')[all[at]?.align === 'left' ? 'padEnd' : 'padStart'](widths[at] ?? 0))
        .join('  ')
        .trimEnd(),
      columns,
    ),
  );
}

/** Half of a number is another number. */
function wholeWords(line: string, most: number): string {
  if (line.length <= most) return line;
  const cut = line.slice(0, most + 1);
  return cut.includes(' ') ? cut.replace(/ \S*$/, '') : cut.slice(0, most);
}

function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text;
}

// Text and tables in GitHub-flavoured Markdown.
import { formatCount } from '../format/format.ts';
import { plainLine } from '../format/plain-text.ts';
import { type Card, cardFigure } from '../tables/cards.ts';
import type { Table } from '../tables/table.ts';

/** Text as text: no HTML, no links or mentions, no table cell or emphasis of its own, on one line. A command of headroom is code, to be copied. */
export function md(text: string): string {
  const parts = plainLine(text).split(command);
  return parts.map((part, index) => (index % 2 === 1 ? `\`${part}\`` : prose(part))).join('');
}

/** Behind a colon, up to the end of its sentence. One with a mark that no code span of a table can hold stays text. */
const command =
  /(?<=: )((?:npm run|npx headroom(?:-bench)?|headroom) (?:stress|report|size|monitors|metrics)(?: (?:'[^'`|]*'|\\'|(?!\.(?: |$))[^\s'`|\\])+)*)(?=\.?$|\. )/;

function prose(text: string): string {
  return text
    .replace(/[\\`*_{}[\]#|~]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/@/g, '@\u200b')
    .replace(/:\/\//g, ':\u200b//');
}

/** A table; empty without a row. */
export function markdownTable(
  heads: readonly string[],
  align: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  if (rows.length === 0) return '';
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(heads), line(align.map((each) => (each === 'right' ? '---:' : '---'))), ...rows.map(line)].join('\n');
}

/** A table of the page, with its last rows where there are more than `most`, without columns of code, which are too wide here. */
export function fromTable({ columns, rows }: Table, most = Number.POSITIVE_INFINITY): string {
  const shown = rows.slice(-most);
  const kept = columns.flatMap((_, index) => (index > 0 && rows[0]?.[index]?.kind === 'code' ? [] : [index]));
  const table = markdownTable(
    kept.map((index) => md(columns[index]?.name ?? '')),
    kept.map((index) => (columns[index]?.kind === 'number' ? 'right' : '')),
    shown.map((row) =>
      kept.map((index) => {
        const { text = '', kind, detail } = row[index] ?? {};
        const content = md(detail === undefined ? text : `${text} (${detail})`);
        return kind === 'fail' ? `**${content}**` : content;
      }),
    ),
  );
  return shown.length < rows.length ? `The last ${shown.length} of ${formatCount(rows.length)}:\n\n${table}` : table;
}

/** Each card with what it rests on. */
export function cardTable(cards: readonly Card[]): string {
  return markdownTable(
    ['Figure', 'Value', 'Rests on'],
    ['', 'right', ''],
    cards.map((card) => [md(card.title), md(cardFigure(card)), md(card.detail)]),
  );
}

/** A list; empty without an item. */
export function markdownList(items: readonly string[]): string {
  return items.map((each) => `- ${md(each)}`).join('\n');
}

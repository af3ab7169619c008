// Text and tables in GitHub-flavoured Markdown.
import { plainLine } from '../format/plain-text.ts';
import type { Table } from '../tables/table.ts';

/** Text as text: no HTML, no links or mentions, no table cell or emphasis of its own, on one line. */
export function md(text: string): string {
  return plainLine(text)
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

/** A table of the page without its columns of code, which are too wide here. */
export function fromTable({ columns, rows }: Table): string {
  const kept = columns.flatMap((_, index) => (rows[0]?.[index]?.kind === 'code' ? [] : [index]));
  return markdownTable(
    kept.map((index) => md(columns[index]?.name ?? '')),
    kept.map((index) => (columns[index]?.kind === 'number' ? 'right' : '')),
    rows.map((row) =>
      kept.map((index) => {
        const { text = '', kind, detail } = row[index] ?? {};
        const content = md(detail === undefined ? text : `${text} (${detail})`);
        return kind === 'fail' ? `**${content}**` : content;
      }),
    ),
  );
}

/** A list; empty without an item. */
export function markdownList(items: readonly string[]): string {
  return items.map((each) => `- ${md(each)}`).join('\n');
}

/** Quoted lines with a warning sign. */
export function markdownWarnings(items: readonly string[]): string {
  return items.map((each) => `> ⚠️ ${md(each)}`).join('\n>\n');
}

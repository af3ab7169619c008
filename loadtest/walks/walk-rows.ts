// The rows of a walk's CSV file, whose columns are variables.
import { splitCells } from '../../model/recorded/csv-lines.ts';
import { UserError } from '../../model/user-error.ts';
import { isVariableName } from './template.ts';
import { readWholeFile } from './whole-file.ts';

export type WalkRows = { readonly columns: readonly string[]; readonly cells: readonly (readonly string[])[] };

/** Each generator gets all of them before each stage. */
const most = 100_000;

/** Reads the file. Throws a UserError that names what is wrong in it, and its line, but no cell: there may be passwords in it. */
export function readWalkRows(file: string): WalkRows {
  const lines = readText(file)
    .replace(/^\uFEFF/, '')
    .split(/\r?\n/)
    .map((text, index) => ({ text, where: `${file} line ${index + 1}` }))
    .filter(({ text }) => text.trim() !== '');
  const [first, ...rest] = lines;
  if (!first || rest.length === 0)
    throw new UserError(`${file} has no row: give a line of column names, and a line for each user`);
  if (rest.length > most) throw new UserError(`${file} has ${rest.length} rows. Give at most ${most}`);
  const separator = [';', '\t', ','].find((each) => first.text.includes(each)) ?? ',';
  const columns = splitCells(first.text, separator);
  const wrong = columns.find((name) => !isVariableName(name));
  if (wrong !== undefined)
    throw new UserError(
      `${first.where}: "${wrong}" is not the name of a column: begin with a letter, and use letters, digits, _ . and -`,
    );
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) throw new UserError(`${first.where}: the column ${twice} appears twice`);
  return { columns, cells: rest.map(({ text, where }) => readRow(splitCells(text, separator), columns, where)) };
}

function readRow(cells: readonly string[], columns: readonly string[], where: string): readonly string[] {
  if (cells.length !== columns.length)
    throw new UserError(
      `${where} has ${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}, and line 1 names ${columns.length} columns`,
    );
  const empty = columns.find((_, index) => cells[index] === '');
  if (empty !== undefined) throw new UserError(`${where} has no value in column ${empty}`);
  return cells;
}

function readText(file: string): string {
  try {
    return readWholeFile(file).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new UserError(
      code === 'ENOENT' ? `there is no file ${file}: check "rows" of the walk` : `${file} cannot be read (${code})`,
      { cause },
    );
  }
}

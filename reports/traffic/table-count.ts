// The counts of a table as numbers. Whether a dot or a comma is a decimal sign is decided by the whole column.
import { excerpt } from '../../model/access-log/excerpt.ts';
import { UserError } from '../../model/user-error.ts';

type CountCell = { readonly where: string; readonly value: unknown };
type Mark = '.' | ',';

const either = /^[1-9]\d{0,2}([.,])\d{3}$/;
const groups = /^\d{1,3}(?:([.,])\d{3})(?:\1\d{3})+$/;
const groupsAndDecimals = /^\d{1,3}(?:([.,])\d{3})+(?!\1)[.,]\d+$/;
const decimals = /^\d+([.,])\d+$/;
const spaced = /^\d{1,3}(?:[ \u00A0\u2009\u202F'\u2019]\d{3})+$/;

/** The unit of a number of requests, or none. */
export function isCountUnit(unit: unknown): boolean {
  return unit === undefined || unit === null || /^(?:counts?|none|requests?|hits?|-|)$/i.test(String(unit).trim());
}

/** Returns whole numbers. Throws a UserError that names the place of one that is none, or that can be two. `separator`: of the columns. */
export function readCounts(cells: readonly CountCell[], separator: string): number[] {
  const texts = cells.map(({ value }) => (typeof value === 'string' ? value.trim() : undefined));
  const decimal = decimalMark(cells, texts, separator);
  return cells.map(({ where, value }, index) => {
    const text = texts[index];
    const count = text === undefined ? value : readOne(text, decimal);
    if (typeof count !== 'number' || !Number.isFinite(count))
      throw new UserError(
        `${where}: the number of requests is missing or is not a plain number like 1234${text ? `: ${excerpt(text)}` : ''}`,
      );
    if (count < 0) throw new UserError(`${where}: the number of requests is negative (${count})`);
    if (!Number.isInteger(count))
      throw new UserError(
        `${where}: ${text ?? count} is a fraction of a request. Provide the whole number of requests of each interval, not a rate or a mean`,
      );
    return count;
  });
}

function readOne(text: string, decimal: Mark | undefined): number {
  if (/^-?\d+$/.test(text) || /^\d+(?:\.\d+)?e\+?\d+$/i.test(text)) return Number(text);
  if (spaced.test(text)) return Number(text.replace(/\D/g, ''));
  if (/^-\d[\d.,]*$/.test(text)) return -Math.abs(readOne(text.slice(1), decimal));
  if (!/^\d[\d.,]*$/.test(text)) return Number.NaN;
  const plain = decimal === '.' ? text.replaceAll(',', '') : text.replaceAll('.', '').replace(',', '.');
  return decimal === undefined ? Number(text.replace(/[.,]/g, '')) : Number(plain);
}

/** The decimal sign of the column; undefined when dots and commas separate thousands, or there are none. */
function decimalMark(
  cells: readonly CountCell[],
  texts: readonly (string | undefined)[],
  separator: string,
): Mark | undefined {
  const found = { thousands: new Set<string>(), decimal: new Set<string>() };
  const open: number[] = [];
  texts.forEach((text = '', index) => {
    const both = groupsAndDecimals.exec(text)?.[1];
    const thousands = groups.exec(text)?.[1] ?? both;
    if (thousands) found.thousands.add(thousands);
    if (both) found.decimal.add(both === '.' ? ',' : '.');
    else if (either.test(text)) open.push(index);
    else if (!thousands) {
      const decimal = decimals.exec(text)?.[1];
      if (decimal) found.decimal.add(decimal);
    }
  });
  const [decimal] = found.decimal;
  const [index] = open;
  const place = cells[index ?? 0]?.where ?? '';
  if (
    found.decimal.size > 1 ||
    found.thousands.size > 1 ||
    [...found.decimal].some((each) => found.thousands.has(each))
  )
    throw new UserError(`${place}: the counts use a dot or a comma in two ways. Write them without, like 1234`);
  if (decimal !== undefined) return decimal as Mark;
  if (index === undefined) return undefined;
  const text = texts[index] ?? '';
  const [mark] = found.thousands;
  const marks = new Set(open.map((each) => either.exec(texts[each] ?? '')?.[1]));
  if (marks.size === 1 && (marks.has(mark ?? '') || (mark === undefined && areThousands(texts, text, separator))))
    return undefined;
  throw new UserError(
    `${place}: ${excerpt(text)} can be ${text.replace(/[.,]/, '')} (with a thousands separator) or ${Number(text.replace(',', '.'))} (with a decimal sign). Write counts without separators, like 1234`,
  );
}

/** Where columns are separated by semicolons the decimal sign is a comma, and thousands have dots; with commas the other way round. */
function areThousands(texts: readonly (string | undefined)[], text: string, separator: string): boolean {
  const whole = texts.flatMap((each = '') => (/^\d+$/.test(each) ? [Number(each)] : []));
  if (whole.some((each) => each >= 1000)) return false;
  if (whole.some((each) => each >= 100)) return true;
  return separator === ';' ? text.includes('.') : separator === ',' && text.includes(',');
}

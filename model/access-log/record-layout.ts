// JSON lines of one program have the same keys in the same order: with the text between the values of one line, those of the next are found
// without parsing the rest, which takes most of the time of such a log.
import { collectValues, type Fields, isHidden, type Plan, planOf } from './flat-record.ts';

/** Where the values of lines with the same keys are. */
export type RecordLayout = {
  readonly plan: Plan;
  /** The text before each value, and behind the last one. */
  readonly between: readonly string[];
  /** Place of each value in the flat record. */
  readonly places: readonly number[];
  /** Whether an object there would not be looked into. */
  readonly isClosed: readonly boolean[];
};

const [quote, backslash, open, close, openList, closeList, comma] = [34, 92, 123, 125, 91, 93, 44];
/** Deeper, and with more values, a record is not looked into as a whole. */
const [deepest, mostValues] = [4, 200];

/** The layout of a line that is one JSON object; undefined where its keys do not stand in the record as in the text, or where text is an object. */
export function layoutOf(line: string, fields: Fields): RecordLayout | undefined {
  const between: string[] = [];
  const places: number[] = [];
  const isClosed: boolean[] = [];
  let [keys, count, written] = ['', 0, 0];
  const takeValue = (at: number, isHere: boolean): number => {
    between.push(line.slice(written, at));
    places.push(count - 1);
    isClosed.push(isHere);
    written = endOfValue(line, at);
    return written;
  };
  /** Reads the members of an object that begins there; returns where it ends, or -1. */
  const takeObject = (begin: number, depth: number): number => {
    let at = skipBlanks(line, begin + 1);
    while (line.charCodeAt(at) === quote) {
      const end = endOfString(line, at);
      const key: unknown = JSON.parse(line.slice(at, end));
      const value = skipBlanks(line, skipBlanks(line, end) + 1);
      count++;
      const isObject = line.charCodeAt(value) === open && !isHidden(`${key}`);
      if (isObject && depth >= deepest) return -1;
      keys += isObject ? `${key}\uE001` : `${key}\uE000`;
      const next = isObject ? takeObject(value, depth + 1) : takeValue(value, isHidden(`${key}`));
      if (next < 0) return -1;
      if (isObject) keys += '\uE002';
      at = skipBlanks(line, next);
      if (line.charCodeAt(at) === comma) at = skipBlanks(line, at + 1);
    }
    return line.charCodeAt(at) === close ? at + 1 : -1;
  };
  if (takeObject(0, 0) < 0 || count > mostValues) return undefined;
  between.push(line.slice(written));
  // Names that are numbers, or stand twice, have another order in the record.
  return collectValues(fields).keys === keys ? { plan: planOf(keys), between, places, isClosed } : undefined;
}

/** The values at these places of a line; undefined for a line of another layout. */
export function valuesIn(
  line: string,
  { between, places, isClosed }: RecordLayout,
  wanted: ReadonlySet<number>,
): unknown[] | undefined {
  const values: unknown[] = [];
  let at = 0;
  const last = between.length - 1;
  for (let index = 0; index < last; index++) {
    const text = between[index] as string;
    if (!line.startsWith(text, at)) return undefined;
    at += text.length;
    const first = line.charCodeAt(at);
    if (first === open ? !isClosed[index] : first === quote && isObjectText(line.charCodeAt(at + 1))) return undefined;
    const end = endOfValue(line, at);
    if (end < 0) return undefined;
    const place = places[index] as number;
    if (wanted.has(place)) values[place] = parseValue(line.slice(at, end));
    at = end;
  }
  return line.slice(at) === between[last] ? values : undefined;
}

/** By the first character of a string: an object as text, which is looked into, begins with a brace, or with one that is escaped. */
function isObjectText(code: number): boolean {
  return code === open || code === backslash;
}

function parseValue(text: string): unknown {
  if (text.charCodeAt(0) === quote && !text.includes('\\')) return text.slice(1, -1);
  return JSON.parse(text);
}

function skipBlanks(line: string, begin: number): number {
  let at = begin;
  while (line.charCodeAt(at) <= 32) at++;
  return at;
}

/** Behind the closing quote; -1 without one. */
function endOfString(line: string, begin: number): number {
  let end = line.indexOf('"', begin + 1);
  while (end > 0 && isEscaped(line, end)) end = line.indexOf('"', end + 1);
  return end < 0 ? -1 : end + 1;
}

function isEscaped(line: string, at: number): boolean {
  let first = at;
  while (line.charCodeAt(first - 1) === backslash) first--;
  return (at - first) % 2 === 1;
}

/** Behind a string, a number, a word, or a whole object or list; -1 for one without an end. */
function endOfValue(line: string, begin: number): number {
  const first = line.charCodeAt(begin);
  if (first === quote) return endOfString(line, begin);
  let [at, depth] = [begin, 0];
  for (; at < line.length; at++) {
    const code = line.charCodeAt(at);
    if (code === quote) at = endOfString(line, at) - 1;
    if (at < 0) return -1;
    if (code === open || code === openList) depth++;
    else if (code === close || code === closeList) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === comma && depth === 0) return at;
  }
  return -1;
}

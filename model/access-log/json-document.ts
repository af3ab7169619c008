// A JSON document, which is no log with a record in each line -> its records.
import { isJsonObject } from '../json-object.ts';

/** An export of a cloud has its list in an object, or two. */
const deepest = 3;

/** Beside its events CloudWatch lists where it looked for them. */
const notRecords = 'searchedLogStreams';

/** The records of a document: its one list of objects, or objects one behind the other as jq writes them; undefined for other text. */
export function recordsOf(text: string): readonly object[] | undefined {
  if (!/^\s*[[{]/.test(text)) return undefined;
  const whole = parse(text);
  if (whole !== undefined) return onlyListIn(whole, deepest);
  const pieces = text.split(/(?<=\})\s*(?=\{)/).map(parse);
  return pieces.length > 1 && pieces.every(isJsonObject) ? pieces : undefined;
}

function onlyListIn(value: unknown, depth: number): readonly object[] | undefined {
  if (Array.isArray(value)) {
    const records = value.map(rowOfInsights);
    return records.length > 0 && records.every(isJsonObject) ? records : undefined;
  }
  if (!isJsonObject(value) || depth === 0) return undefined;
  const lists = Object.entries(value).flatMap(([key, each]) => {
    const list = key === notRecords ? undefined : onlyListIn(each, depth - 1);
    return list ? [list] : [];
  });
  return lists.length === 1 ? lists[0] : undefined;
}

/** CloudWatch Logs Insights gives a row as `[{field, value}, ...]`. */
function rowOfInsights(row: unknown): unknown {
  if (!Array.isArray(row) || row.length === 0) return row;
  const cells = row as readonly { readonly field?: string; readonly value?: unknown }[];
  if (!cells.every((each) => isJsonObject(each) && typeof each.field === 'string')) return row;
  return Object.fromEntries(cells.map(({ field, value }) => [field, value]));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON, or not as one document.
    return undefined;
  }
}

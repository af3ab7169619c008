// The JSON documents of a file.
import type { JsonObject } from '../json-object.ts';
import { UserError } from '../user-error.ts';
import type { TextOf } from './recorded-file.ts';

/** One document, and its text on the lines that it has in the file. */
export type JsonDocument = { readonly document: JsonObject; readonly text: TextOf };

/** Characters. A list that is longer is read piece by piece: the objects of a year of minutes take 150 MB. */
const pieceLength = 250_000;

/** All of them: a loop that appends what each call prints makes a file of several. Throws a UserError that names the line. */
export function* parseDocuments(text: string, file: string): Generator<JsonDocument> {
  const cuts = cutDatapoints(text);
  if (cuts) return yield* parsePieces(text, cuts, file);
  let [from, line] = [0, 0];
  while (from < text.length) {
    const { document, to } = parseFirst(text, from, (at) => damaged(file, line + countLines(text, from, at)));
    const [own, before] = [{ from, to }, line];
    yield { document, text: () => '\n'.repeat(before) + text.slice(own.from, own.to) };
    line += countLines(text, from, to);
    from = to;
  }
}

/** The document at a place, and where it ends. */
function parseFirst(
  text: string,
  from: number,
  damagedAt: (at: number) => UserError,
): { document: JsonObject; to: number } {
  const between = /\}\s*(?=\{)/g;
  between.lastIndex = from;
  const to = (between.exec(text)?.index ?? text.length) + 1;
  try {
    return { document: JSON.parse(text.slice(from, to)), to };
  } catch {
    // Braces in a text, or a mistake: the parser finds the end, or the place.
    return parseUntilError(text, from, damagedAt);
  }
}

function parseUntilError(
  text: string,
  from: number,
  damagedAt: (at: number) => UserError,
): { document: JsonObject; to: number } {
  const rest = text.slice(from);
  try {
    return { document: JSON.parse(rest), to: text.length };
  } catch (cause) {
    const { message } = cause as Error;
    const at = from + Number(/position (\d+)/.exec(message)?.[1] ?? rest.length);
    if (!message.includes('after JSON')) throw damagedAt(at);
    return { document: JSON.parse(text.slice(from, at)), to: at };
  }
}

function damaged(file: string, linesBefore: number): UserError {
  return new UserError(`${file} line ${linesBefore + 1} is not JSON: the file is damaged or cut off`);
}

function countLines(text: string, from: number, to: number): number {
  let lines = 0;
  for (let at = text.indexOf('\n', from); at >= 0 && at < to; at = text.indexOf('\n', at + 1)) lines++;
  return lines;
}

/** Where one long list of datapoints begins, can be cut, and ends; undefined for any other text. */
function cutDatapoints(text: string): readonly number[] | undefined {
  const name = text.length > 8_000_000 ? text.indexOf('"Datapoints"') : -1;
  if (name < 0 || text.includes('"Datapoints"', name + 1)) return undefined;
  const cuts = [text.indexOf('[', name) + 1];
  const between = /\}\s*,\s*(?=\{)/g;
  for (;;) {
    between.lastIndex = (cuts.at(-1) as number) + pieceLength;
    const found = between.exec(text);
    if (!found) return [...cuts, text.lastIndexOf(']')];
    cuts.push(found.index + 1);
  }
}

/** The document as several, each with a part of the list. */
function* parsePieces(text: string, cuts: readonly number[], file: string): Generator<JsonDocument> {
  const [begin = 0, end = text.length] = [cuts[0], cuts.at(-1)];
  const [head, tail] = [text.slice(0, begin), text.slice(end)];
  const headLines = countLines(head, 0, begin);
  let line = headLines;
  for (let index = 1; index < cuts.length; index++) {
    const [from, to] = [cuts[index - 1] as number, cuts[index] as number];
    const before = line;
    const own = () => head + text.slice(from, to).replace(/^\s*,/, (comma) => comma.replace(',', ' ')) + tail;
    const damagedAt = (at: number) => damaged(file, before + countLines(own(), begin, at));
    yield {
      document: parseFirst(own(), 0, damagedAt).document,
      text: () => '\n'.repeat(before - headLines) + own(),
    };
    line += countLines(text, from, to);
  }
}

// A value out of an answer: from a header, by JSON pointer (RFC 6901), by regular expression.

import { UserError } from '../../model/user-error.ts';
import type { Take } from '../../model/walk.ts';
import { parsePointer, resolvePointer } from './json-pointer.ts';

/** What values are taken from. */
export type SeenAnswer = {
  /** Of a header by its name, in order. */
  header(name: string): readonly string[];
  body(): string;
};

/** A line end cannot stand in a header, nor in a path. */
const unusable = /[^\P{Cc}\t]/u;
/** Half a pair, as JSON and patterns may give: no encoding has it. */
const loneSurrogate = /\p{Cs}/gu;

/** Returns what takes the value; undefined: it is not there, or empty. Throws a UserError for a pointer or pattern that is none. */
export function compileTake({ header, json, pattern }: Take): (answer: SeenAnswer) => string | undefined {
  const path = json === undefined ? undefined : parsePointer(json);
  const search = pattern === undefined ? undefined : parsePattern(pattern);
  const group = search && hasGroup(search) ? 1 : 0;
  const places = (answer: SeenAnswer): readonly (string | undefined)[] =>
    header !== undefined ? answer.header(header) : [path ? resolvePointer(path, answer.body()) : answer.body()];
  return (answer) => {
    for (const text of places(answer)) {
      const match = text === undefined ? undefined : search ? search.exec(text) : [text];
      const value = match?.[group];
      if (value !== undefined && value !== '' && !unusable.test(value)) return value.replace(loneSurrogate, '\uFFFD');
    }
    return undefined;
  };
}

/** Beside nothing every pattern matches, and shows its groups. */
function hasGroup({ source }: RegExp): boolean {
  return (new RegExp(`${source}|`).exec('')?.length ?? 1) > 1;
}

function parsePattern(pattern: string): RegExp {
  try {
    return new RegExp(pattern);
  } catch (cause) {
    throw new UserError(`pattern: ${(cause as Error).message.replace(/^Invalid regular expression: /, '')}`, { cause });
  }
}

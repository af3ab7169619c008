// The JSON documents of a file.
import { UserError } from '../user-error.ts';
import type { Json } from './recorded-file.ts';

/** One document, and its text on the lines that it has in the file. */
export type JsonDocument = { readonly document: Json; readonly text: string };

/** All of them: a loop that appends what each call prints makes a file of several. Throws a UserError that names the line. */
export function parseDocuments(text: string, file: string): readonly JsonDocument[] {
  const documents: JsonDocument[] = [];
  let [from, to] = [0, text.length];
  while (from < text.length) {
    try {
      const own = text.slice(from, to);
      const document: Json = JSON.parse(own);
      documents.push({ document, text: from === 0 ? own : '\n'.repeat(linesBefore(text, from)) + own });
      [from, to] = [to, text.length];
    } catch (cause) {
      const { message } = cause as Error;
      const at = from + Number(/position (\d+)/.exec(message)?.[1] ?? to - from);
      if (to < text.length || !message.includes('after JSON'))
        throw new UserError(`${file} line ${linesBefore(text, at) + 1} is not JSON: the file is damaged or cut off`, {
          cause,
        });
      to = at;
    }
  }
  return documents;
}

function linesBefore(text: string, at: number): number {
  return text.slice(0, at).split('\n').length - 1;
}

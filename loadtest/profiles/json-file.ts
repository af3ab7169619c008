import { UserError } from '../../model/user-error.ts';
import { readWholeFile } from '../walks/whole-file.ts';

/** What a JSON file holds. One that is not there, cannot be read or is no JSON is the user's mistake: a UserError that names it. */
export function readJsonFile(file: string): unknown {
  return parseJson(readText(file), file);
}

/** What a text of JSON holds. Any other text is a UserError that names the file. */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new UserError(`${file} is not JSON: ${oneLine((cause as Error).message)}`, { cause });
  }
}

/** The parser quotes the text that it met, with its line ends. */
function oneLine(message: string): string {
  return message.replace(/\s+/g, ' ');
}

function readText(file: string): string {
  try {
    return readWholeFile(file).toString();
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? '';
    const why = { ENOENT: `there is no file ${file}: check the path`, EISDIR: `${file} is a folder: give a file` }[
      code
    ];
    throw new UserError(why ?? `${file} cannot be read (${code})`, { cause });
  }
}

// A piece of a file in a message.

/** What to do about a log without dates. */
export const howToDate =
  "Add the date and time to the server's log format, or export the log with them, like docker logs --timestamps or journalctl -o short-iso";

/** Characters of a line that a message quotes. */
const mostQuoted = 100;

const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"\\]/gu;

/** The text in quotes, shortened, with everything escaped that a terminal would obey or not show. */
export function excerpt(text: string): string {
  const shown = text.length > mostQuoted ? `${text.slice(0, mostQuoted)}...` : text;
  const escaped = shown.replace(unsafe, (each) => {
    if (each === '"' || each === '\\') return `\\${each}`;
    return each === '\t' ? '\\t' : `\\u{${(each.codePointAt(0) ?? 0).toString(16)}}`;
  });
  return `"${escaped}"`;
}

// A piece of a file in a message.

/** Why no line of a log could be read, with what to do about it, where lines are requests without a date, or with one that can be two. */
export function unclearDates(unread: string | undefined, first: string): string | undefined {
  if (unread === 'undated') return `has the date of its request, the first is ${first}. ${howToDate}`;
  if (unread === 'two-dates')
    return `has a date that can be read in one way only, the first is ${first}. ${howToOrder}`;
  return undefined;
}

const howToOrder =
  'Write dates like 2026-01-31. For lines of text --log-format can give the order, as Apache has it, like \'%h - - [%{%d/%m/%Y:%T %z}t] "%r" %>s %b\'';
const howToDate =
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

// The heads that were kept of an answer, as text.

/** All of them. */
export function headText(kept: readonly Buffer[]): string {
  return (kept.length === 1 ? (kept[0] as Buffer) : Buffer.concat(kept)).toString('latin1');
}

/** Lines of the head of the final answer without its status line, and the heads (1xx) before it; what follows it are trailers. */
export function splitHeads(text: string): {
  readonly lines: readonly string[];
  readonly before: readonly string[];
} {
  // Nearly all: nothing before it, and no trailers.
  if (text.indexOf('\r\n\r\n') === text.length - 4 && !/^\s*HTTP\/\S+ 1/.test(text))
    return { lines: text.slice(0, -4).trimStart().split('\r\n').slice(1), before: [] };
  const heads = text.split('\r\n\r\n').filter((head) => /^\s*HTTP\//.test(head));
  const place = heads.findIndex((head) => !/^\s*HTTP\/\S+ 1/.test(head));
  return { lines: (heads[place] ?? '').trimStart().split('\r\n').slice(1), before: heads.slice(0, Math.max(0, place)) };
}

/** The values of a header, in order. `name`: in lower case. */
export function headerValues(lines: readonly string[], name: string): string[] {
  const values: string[] = [];
  for (const line of lines)
    if (line[name.length] === ':' && line.slice(0, name.length).toLowerCase() === name)
      values.push(line.slice(name.length + 1).trim());
  return values;
}

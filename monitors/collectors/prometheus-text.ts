// Parses the text format of Prometheus exporters: one `name{label="value"} number` per line.

export type PrometheusSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/** The samples with the wanted names; ignores all other lines. */
export function parsePrometheus(text: string, wanted: ReadonlySet<string>): PrometheusSample[] {
  const samples: PrometheusSample[] = [];
  for (const line of text.split('\n')) {
    const name = /^[a-zA-Z_:][\w:]*/.exec(line)?.[0];
    if (name === undefined || !wanted.has(name)) continue;
    const labels: Record<string, string> = {};
    let end = name.length;
    if (line[end] === '{') {
      const pattern = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)",?/y;
      pattern.lastIndex = end + 1;
      for (let found = pattern.exec(line); found; found = pattern.exec(line)) {
        labels[found[1] ?? ''] = (found[2] ?? '').replace(/\\(.)/g, (_, each) => (each === 'n' ? '\n' : each));
        end = pattern.lastIndex;
      }
      end = line.indexOf('}', end) + 1;
    }
    const value = Number(line.slice(end).trim().split(/\s+/)[0]);
    if (Number.isFinite(value)) samples.push({ name, labels, value });
  }
  return samples;
}

// Parses the text format of Prometheus exporters and OpenMetrics: one `name{label="value"} number` per line.
// https://prometheus.io/docs/instrumenting/exposition_formats/ and https://github.com/prometheus/OpenMetrics

export type PrometheusSample = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
};

/**
 * The samples with the wanted names, up to `# EOF`; ignores comments, other names and lines that break the format. Blanks and tabs may
 * stand between all tokens; timestamps and exemplars are passed over. Values that are not finite are left out.
 */
export function parsePrometheus(text: string, wanted: ReadonlySet<string>): PrometheusSample[] {
  const samples: PrometheusSample[] = [];
  for (const line of text.replace(/^\uFEFF/, '').split('\n')) {
    if (/^[ \t]*#[ \t]+EOF[ \t\r]*$/.test(line)) break;
    const sample = parseLine(line, wanted);
    if (sample && Number.isFinite(sample.value)) samples.push(sample);
  }
  return samples;
}

/** Reads a line from left to right; undefined when its name is not wanted or it breaks the format. */
function parseLine(line: string, wanted: ReadonlySet<string>): PrometheusSample | undefined {
  let position = 0;
  const match = (pattern: RegExp): RegExpExecArray | undefined => {
    pattern.lastIndex = position;
    const found = pattern.exec(line);
    if (found) position = pattern.lastIndex;
    return found ?? undefined;
  };
  let name = match(bareName)?.[1];
  if (name !== undefined && !wanted.has(name)) return undefined;
  const labels: Record<string, string> = {};
  if (match(openBrace)) {
    for (let isFirst = true; !match(closeBrace); isFirst = false) {
      if (!isFirst && !match(comma)) return undefined;
      // The last pair may be followed by a comma.
      if (!isFirst && match(closeBrace)) break;
      const pair = match(labelPair);
      const quoted = pair ? undefined : match(quotedName);
      if (pair) labels[pair[1] ?? unescaped(pair[2] ?? '')] = unescaped(pair[3] ?? '');
      // A name beyond the old characters stands first between the braces.
      else if (quoted && name === undefined && isFirst) name = unescaped(quoted[1] ?? '');
      else return undefined;
    }
  }
  const value = match(rest)?.[1];
  if (name === undefined || value === undefined || !wanted.has(name)) return undefined;
  const number = numberOf(value);
  return number === undefined ? undefined : { name, labels, value: number };
}

const bareName = /[ \t]*([a-zA-Z_:][a-zA-Z0-9_:]*)/y;
const openBrace = /[ \t]*\{/y;
const closeBrace = /[ \t]*\}/y;
const comma = /[ \t]*,/y;
const labelPair = /[ \t]*(?:([a-zA-Z_][a-zA-Z0-9_]*)|"((?:[^"\\]|\\.)*)")[ \t]*=[ \t]*"((?:[^"\\]|\\.)*)"/y;
const quotedName = /[ \t]*"((?:[^"\\]|\\.)*)"/y;
/** The value, an optional timestamp (in OpenMetrics with fractions), and what OpenMetrics adds behind it: an exemplar. */
const rest = /[ \t]*([^ \t\r#{}]+)(?:[ \t]+[-+]?[0-9][0-9.eE+-]*)?(?:[ \t]+#.*)?[ \t\r]*$/y;

/** As Go's ParseFloat reads it, which the format refers to: also hexadecimal, and `_` nowhere. */
function numberOf(text: string): number | undefined {
  if (/^[-+]?(inf|infinity)$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  if (/^[-+]?nan$/i.test(text)) return Number.NaN;
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  const [, sign, whole, fraction = '', exponent] = /^([-+]?)0x([0-9a-f]+)\.?([0-9a-f]*)p([-+]?\d+)$/i.exec(text) ?? [];
  if (whole === undefined) return undefined;
  const magnitude = Number.parseInt(whole + fraction, 16) * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -magnitude : magnitude;
}

/** `\\`, `\"` and `\n`; any other backslash stands for itself. */
function unescaped(text: string): string {
  return text.replace(/\\([\\"n])/g, (_, each) => (each === 'n' ? '\n' : each));
}

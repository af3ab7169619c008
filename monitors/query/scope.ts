// The scope of a metric query, between its braces: which series it selects.

/** A parsed scope. */
export type Scope = {
  /** As written. */
  readonly text: string;
  /** Whether a series with these `key:value` tags is selected. */
  readonly matches: (tags: ReadonlySet<string>) => boolean;
  /** The `key:value` pairs that it asks for, as written. */
  readonly tags: readonly string[];
  /** Those that it excludes. */
  readonly excluded: readonly string[];
};

type Matcher = Scope['matches'];

const quoted = /"[^"]*"|'[^']*'/g;
/** The words that are left to read, and the tags that were found. */
type Reading = { readonly words: string[]; readonly tags: string[]; readonly excluded: string[]; isNegated: boolean };

/** Parses a scope; throws an Error whose message names the offending part. */
export function parseScope(text: string): Scope {
  if (text.trim() === '') throw new Error('empty scope {}: use {*} for everything, or {host:NAME}');
  const bare = text.replace(quoted, 'x');
  const isBoolean = /(^|[\s(])(AND|OR|NOT|IN)([\s(]|$)/i.test(bare);
  if (isBoolean && /,/.test(bare.replace(/\bIN\s*\([^)]*\)/gi, ''))) {
    throw new Error(`'AND' and 'OR' cannot be mixed with ',' in {${text}}`);
  }
  // https://docs.datadoghq.com/metrics/advanced-filtering/
  if (isBoolean && /(^|[\s(,])!/.test(bare)) throw new Error(`'AND' and 'OR' cannot be mixed with '!' in {${text}}`);
  const reading: Reading = { words: isBoolean ? wordsOf(text) : [], tags: [], excluded: [], isNegated: false };
  const matches = isBoolean ? parseOr(reading) : parseList(text, reading);
  const [rest] = reading.words;
  if (rest !== undefined) throw new Error(`unexpected '${rest}' in {${text}}`);
  // Datadog keeps tags in lower case.
  const lowered: Matcher = (given) => matches(new Set([...given].map((tag) => tag.toLowerCase())));
  return { text: text.trim(), matches: lowered, tags: reading.tags, excluded: reading.excluded };
}

/** The keys of `by {host,env}`. Throws an Error for anything else. */
export function groupKeys(text: string): string[] {
  const keys = /^\s*by\s*\{([^{}]+)\}$/
    .exec(text)?.[1]
    ?.split(',')
    .map((key) => key.trim()) ?? [''];
  if (keys.every((key) => /^\p{L}[\p{L}\p{N}_./-]*$/u.test(key))) return keys;
  throw new Error('expected groups in the form by {host} or by {host,env}: keys of tags, without values');
}

function wordsOf(text: string): string[] {
  return (text.match(/\(|\)|,|(?:"[^"]*"|'[^']*'|[^\s(),])+/g) ?? []).map((word) =>
    /^(and|or|not|in)$/.test(word) ? word.toUpperCase() : word,
  );
}

function parseList(text: string, reading: Reading): Matcher {
  const terms = text.split(/,(?=(?:[^"']|"[^"]*"|'[^']*')*$)/).map((term) => tagMatcher(term.trim(), reading));
  return (given) => terms.every((term) => term(given));
}

function parseOr(reading: Reading): Matcher {
  const terms = [parseAnd(reading)];
  while (reading.words[0] === 'OR') {
    reading.words.shift();
    terms.push(parseAnd(reading));
  }
  return (given) => terms.some((term) => term(given));
}

function parseAnd(reading: Reading): Matcher {
  const terms = [parseTerm(reading)];
  while (reading.words[0] === 'AND') {
    reading.words.shift();
    terms.push(parseTerm(reading));
  }
  return (given) => terms.every((term) => term(given));
}

function parseTerm(reading: Reading): Matcher {
  const { words } = reading;
  const word = words.shift();
  if (word === 'NOT') return negated(reading, parseTerm);
  if (word === '(') {
    const inner = parseOr(reading);
    if (words.shift() !== ')') throw new Error("missing ')' in the scope");
    return inner;
  }
  if (word === undefined || word === ')' || word === ',') {
    throw new Error(`expected a tag like host:NAME${word ? ` before '${word}'` : ' at the end of the scope'}`);
  }
  const isNot = words[0] === 'NOT' && words[1] === 'IN';
  if (isNot) words.shift();
  if (words[0] !== 'IN') return tagMatcher(word, reading);
  words.shift();
  const anyOf = (): Matcher => {
    const values = parseValues(words, word).map((value) => tagMatcher(`${word}:${value}`, reading));
    return (given) => values.some((value) => value(given));
  };
  return isNot ? negated(reading, anyOf) : anyOf();
}

/** What `parse` reads, negated. */
function negated(reading: Reading, parse: (reading: Reading) => Matcher): Matcher {
  reading.isNegated = !reading.isNegated;
  const term = parse(reading);
  reading.isNegated = !reading.isNegated;
  return (given) => !term(given);
}

function parseValues(words: string[], key: string): string[] {
  if (words.shift() !== '(') throw new Error(`expected '(' after ${key} IN`);
  const values: string[] = [];
  for (let word = words.shift(); word !== ')'; word = words.shift()) {
    if (word === undefined) throw new Error(`missing ')' after ${key} IN (...`);
    if (word !== ',') values.push(word);
  }
  if (values.length === 0) throw new Error(`${key} IN () lists no value`);
  return values;
}

function tagMatcher(term: string, { tags, excluded, isNegated }: Reading): Matcher {
  if (term === '*') return () => true;
  const isNot = term.startsWith('!') || term.startsWith('-');
  const tag = isNot ? term.slice(1).trim() : term;
  if (!/^[\p{L}*][^\s{}():,"']*(:[^\s{}(),"']+)?$/u.test(tag.replace(quoted, 'x'))) {
    throw new Error(`'${term}' is not a tag: ${tagHint(tag)}`);
  }
  if (/[$;]|&&|\|\||^[^:]*=[^:]*$/.test(tag)) throw new Error(`'${term}' is not a tag: ${tagHint(tag)}`);
  (isNegated === isNot ? tags : excluded).push(tag);
  const lower = tag.toLowerCase();
  if (!tag.includes('*')) return (given) => given.has(lower) !== isNot;
  const pattern = new RegExp(`^${lower.split('*').map(escapeRegExp).join('.*')}$`, 's');
  return (given) => [...given].some((each) => pattern.test(each)) !== isNot;
}

/** How what was meant is written. */
function tagHint(tag: string): string {
  const [, key, value] = /^([^\s:=]+)\s*={1,2}\s*([^\s:=]+)$/.exec(tag) ?? [];
  if (key !== undefined) return `write ${key}:${value}`;
  if (tag.includes('$')) return 'monitors have no template variables. Write the value, for example host:i-0abc';
  if (/[\s;|&]/.test(tag)) return 'separate tags by a comma (all of them), or by AND and OR';
  if (/^[^:\s]+:$/.test(tag)) return `give a value, or several: ${tag.slice(0, -1)} IN (a, b)`;
  return 'expected key:value, for example host:i-0abc';
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

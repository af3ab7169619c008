// The scope of a metric query, between its braces: which series it selects.

/** A parsed scope. */
export type Scope = {
  /** Whether a series with these `key:value` tags is selected. */
  readonly matches: (tags: ReadonlySet<string>) => boolean;
  /** Its `key:value` pairs, as written. */
  readonly tags: readonly string[];
};

type Matcher = Scope['matches'];

/** Parses a scope; throws an Error whose message names the offending part. */
export function parseScope(text: string): Scope {
  if (text.trim() === '') throw new Error('empty scope {}: use {*} for everything, or {host:NAME}');
  const isBoolean = /(^|[\s(])(AND|OR|NOT|IN)([\s(]|$)/i.test(text);
  if (isBoolean && /,/.test(text.replace(/\bIN\s*\([^)]*\)/gi, ''))) {
    throw new Error(`'AND' and 'OR' cannot be mixed with ',' in {${text}}`);
  }
  // https://docs.datadoghq.com/metrics/advanced-filtering/
  if (isBoolean && /(^|[\s(,])!/.test(text)) throw new Error(`'AND' and 'OR' cannot be mixed with '!' in {${text}}`);
  const tags: string[] = [];
  if (!isBoolean) {
    const terms = text.split(',').map((term) => tagMatcher(term.trim(), tags));
    return { matches: (given) => terms.every((term) => term(given)), tags };
  }
  const words = (text.match(/\(|\)|,|[^\s(),]+/g) ?? []).map((word) =>
    /^(and|or|not|in)$/.test(word) ? word.toUpperCase() : word,
  );
  const matches = parseOr(words, tags);
  if (words.length > 0) throw new Error(`unexpected '${words[0]}' in {${text}}`);
  return { matches, tags };
}

function parseOr(words: string[], tags: string[]): Matcher {
  const terms = [parseAnd(words, tags)];
  while (words[0] === 'OR') {
    words.shift();
    terms.push(parseAnd(words, tags));
  }
  return (given) => terms.some((term) => term(given));
}

function parseAnd(words: string[], tags: string[]): Matcher {
  const terms = [parseTerm(words, tags)];
  while (words[0] === 'AND') {
    words.shift();
    terms.push(parseTerm(words, tags));
  }
  return (given) => terms.every((term) => term(given));
}

function parseTerm(words: string[], tags: string[]): Matcher {
  const word = words.shift();
  if (word === 'NOT') {
    const term = parseTerm(words, tags);
    return (given) => !term(given);
  }
  if (word === '(') {
    const inner = parseOr(words, tags);
    if (words.shift() !== ')') throw new Error("missing ')' in the scope");
    return inner;
  }
  if (word === undefined || word === ')' || word === ',') {
    throw new Error(`expected a tag like host:NAME${word ? ` before '${word}'` : ' at the end of the scope'}`);
  }
  const negated = words[0] === 'NOT' && words[1] === 'IN';
  if (negated) words.shift();
  if (words[0] !== 'IN') return tagMatcher(word, tags);
  words.shift();
  const values = parseValues(words, word).map((value) => tagMatcher(`${word}:${value}`, tags));
  return (given) => values.some((value) => value(given)) !== negated;
}

function parseValues(words: string[], key: string): string[] {
  if (words.shift() !== '(') throw new Error(`expected '(' after ${key} IN`);
  const values: string[] = [];
  for (let word = words.shift(); word !== ')'; word = words.shift()) {
    if (word === undefined) throw new Error(`missing ')' after ${key} IN (...`);
    if (word !== ',') values.push(word);
  }
  return values;
}

function tagMatcher(term: string, tags: string[]): Matcher {
  if (term === '*') return () => true;
  const negated = term.startsWith('!') || term.startsWith('-');
  const tag = negated ? term.slice(1) : term;
  if (!/^[\p{L}][^\s{}():,]*(:[^\s{}(),]+)?$/u.test(tag)) {
    throw new Error(`'${term}' is not a tag: expected key:value, for example host:i-0abc`);
  }
  tags.push(tag);
  if (!tag.includes('*')) return (given) => given.has(tag) !== negated;
  const pattern = new RegExp(`^${tag.split('*').map(escapeRegExp).join('.*')}$`);
  return (given) => [...given].some((each) => pattern.test(each)) !== negated;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

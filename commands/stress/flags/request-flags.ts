// --header, --method and --body: what the requests of a run are.
import { readWholeFile } from '../../../loadtest/walks/whole-file.ts';
import { type Profile, type Route, routeSchema } from '../../../model/profile.ts';
import { UserError } from '../../../model/user-error.ts';
import { withoutSecrets } from './without-secrets.ts';

export type RequestParts = {
  /** Replace those of a route that have the same name. */
  readonly headers: Readonly<Record<string, string>>;
  /** Of a page. */
  readonly method: Route['method'] | undefined;
  readonly body: string | undefined;
  /** In the words of the flag: `@FILE`, or the body itself, without secrets. */
  readonly shownBody: string | undefined;
};

type Flags = {
  readonly header?: readonly string[] | undefined;
  readonly method?: string | undefined;
  readonly body?: string | undefined;
};

const notStored = '(not stored)';

/** Throws a UserError for what cannot be sent; no message holds the value of a header. */
export function chooseRequest({ header, method, body }: Flags, environment: NodeJS.ProcessEnv): RequestParts {
  return {
    headers: parseHeaders(header ?? [], environment),
    method: method === undefined ? undefined : parseMethod(method),
    body: body === undefined ? undefined : readBody(body),
    shownBody: body === undefined ? undefined : withoutSecrets(body),
  };
}

/** Whether they make a request of its own, which only one page can get. */
export function isOwnRequest({ method, body }: Pick<RequestParts, 'method' | 'body'>): boolean {
  return method !== undefined || body !== undefined;
}

/** The routes of one page with its method and body. A body alone is a POST, as in curl. */
export function asRequested(routes: readonly Route[], { method, body }: RequestParts): Route[] {
  return routes.map((route) => {
    const used = method ?? (body === undefined ? route.method : 'POST');
    const name = route.name.replace(/^GET /, `${used} `);
    return { ...route, name, method: used, ...(body !== undefined && { body }) };
  });
}

/** The routes with the headers of the command line. */
export function withHeaders<R extends Pick<Route, 'headers'>>(routes: readonly R[], headers: Route['headers']): R[] {
  const given = new Set(Object.keys(headers).map((name) => name.toLowerCase()));
  return routes.map((route) => {
    const own = Object.entries(route.headers).filter(([name]) => !given.has(name.toLowerCase()));
    return { ...route, headers: { ...Object.fromEntries(own), ...headers } };
  });
}

/** The routes as a record keeps them: names of headers without their values, and of a file with a body its name. */
export function storedRoutes<R extends Pick<Route, 'headers' | 'body'>>(
  routes: readonly R[],
  { body, shownBody }: RequestParts,
): R[] {
  return routes.map((route) => ({
    ...route,
    headers: Object.fromEntries(Object.keys(route.headers).map((name) => [name, notStored])),
    ...(route.body !== undefined && { body: route.body === body ? (shownBody ?? route.body) : route.body }),
  }));
}

/** A step or its route as a record keeps it. What a browser recorded is its user's own: of that, only the pattern of the path, which its name has. */
export function storedStep<Step extends Pick<Route, 'name' | 'path' | 'body'>>(step: Step, isRecorded: boolean): Step {
  const { path, body } = step;
  return {
    ...step,
    path: isRecorded ? step.name.slice(step.name.indexOf('/')) : withoutSecrets(path),
    ...(body !== undefined && { body: isRecorded ? notStored : withoutSecrets(body) }),
  };
}

/** The same of a profile. */
export function storedProfile(profile: Profile, request: RequestParts): Profile {
  const { routes, walk } = profile;
  return {
    ...profile,
    ...(routes && { routes: storedRoutes(routes, request) }),
    ...(walk && { walk: { ...walk, steps: storedRoutes(walk.steps, request).map((step) => storedStep(step, false)) } }),
  };
}

/** The words of a command line in which each header's value is that of a variable: `--header 'Cookie: $COOKIE'`. */
export function withoutHeaderValues(words: readonly string[]): string[] {
  return words.map((word, index) => {
    if (words[index - 1] === '--header') return hideValue(word);
    return word.startsWith('--header=') ? `--header=${hideValue(word.slice('--header='.length))}` : word;
  });
}

function hideValue(header: string): string {
  const { name, value } = splitHeader(header) ?? { name: 'Name', value: '' };
  return variableOf(value) === undefined ? `${name}: $${name.toUpperCase().replaceAll(/\W/g, '_')}` : header;
}

function parseHeaders(given: readonly string[], environment: NodeJS.ProcessEnv): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const text of given) {
    const header = splitHeader(text);
    if (!header) throw new UserError("--header must read 'Name: value', like --header 'Accept: text/html'");
    const { name, value } = header;
    if (Object.keys(headers).some((each) => each.toLowerCase() === name.toLowerCase()))
      throw new UserError(`--header ${name} was given twice. Give it once`);
    const variable = variableOf(value);
    const found = variable === undefined ? value : (environment[variable] ?? '');
    if (found === '')
      throw new UserError(
        `--header ${name} has no value${variable === undefined ? '' : `: the environment variable ${variable} is not set`}. Set it, or give 'Name: value'`,
      );
    headers[name] = found;
  }
  return headers;
}

function splitHeader(text: string): { readonly name: string; readonly value: string } | undefined {
  const [, name, value] = /^([^:\s]+)\s*:\s*(.*?)\s*$/s.exec(text) ?? [];
  return name === undefined || value === undefined ? undefined : { name, value };
}

/** A value that is a variable of the environment as a whole keeps a secret out of the list of processes. */
function variableOf(value: string): string | undefined {
  return /^\$([A-Za-z_]\w*)$/.exec(value)?.[1];
}

function parseMethod(text: string): Route['method'] {
  const known = routeSchema.shape.method.unwrap().options;
  const found = known.find((each) => each === text.toUpperCase());
  if (found) return found;
  throw new UserError(`--method ${text} cannot be sent. Use ${known.join(', ')}`);
}

function readBody(text: string): string {
  if (!text.startsWith('@')) return text;
  const file = text.slice(1);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(readWholeFile(file));
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code = '' } = cause as NodeJS.ErrnoException;
    const why = code.startsWith('ERR_')
      ? 'is not text in UTF-8, and no other body can be sent'
      : `cannot be read (${code})`;
    throw new UserError(`--body @${file} ${why}. Give a text file, or the text itself`, { cause });
  }
}

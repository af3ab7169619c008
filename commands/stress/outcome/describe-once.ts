// What --once shows of each request and its response: for people, and as a document. Secrets are masked.
import { describeFailure } from '../../../loadtest/messages.ts';
import type { StepSeen } from '../../../loadtest/target/send-once.ts';
import { secretName } from '../../../loadtest/walks/secret-name.ts';
import { withoutQueryValues, withoutSecrets } from '../flags/without-secrets.ts';

type ShownStep = {
  readonly route: string;
  readonly request: { readonly line: string; readonly headers: readonly string[]; readonly body?: string };
  readonly response: {
    readonly status: number;
    readonly tookMs: number;
    readonly headers: readonly string[];
    readonly bodyBytes: number;
    readonly body: string;
  };
  readonly taken: Readonly<Record<string, string>>;
  readonly failure?: { readonly why: string; readonly variable?: string; readonly text: string };
};

/** Characters of a body that are shown. */
const mostShown = 400;
/** Longer values of variables are shown by their begin. */
const longestValue = 60;
/** Of a token, to see whether two differ. */
const shownOfSecret = 4;

/** `given`: names of the headers of the command line, whose values are not shown. */
export function showStep(seen: StepSeen, given: readonly string[]): ShownStep {
  const { step, sent, answer, tookMs, taken, values, failure } = seen;
  const hide = hiderOf(values);
  const headEnd = sent.indexOf('\r\n\r\n');
  const [line = '', ...headers] = sent.subarray(0, headEnd).toString('latin1').split('\r\n');
  const body = sent.subarray(headEnd + 4).toString('utf8');
  const isGiven = new Set(given.map((name) => name.toLowerCase()));
  const { lines } = answer;
  const encoding = answer.headers.get('content-encoding');
  return {
    route: step.name,
    request: {
      line: withoutQueryValues(withoutSecrets(hide(line))),
      headers: headers.map((each) => hideHeader(each, isGiven, hide)),
      ...(body !== '' && { body: shorten(withoutSecrets(hide(body))) }),
    },
    response: {
      status: answer.status,
      tookMs: Math.round(tookMs * 10) / 10,
      headers: lines.map((each) => hideHeader(each, new Set(), hide)),
      bodyBytes: answer.bodyBytes,
      body: encoding === undefined ? shorten(withoutSecrets(hide(answer.body))) : `(${encoding})`,
    },
    taken: Object.fromEntries(taken.map((name) => [name, shownValue(name, values.get(name) as string)])),
    ...(failure && {
      failure: {
        ...failure,
        text: failure.why === 'status' ? `expected ${listOf(step.expect)}` : describeFailure(failure),
      },
    }),
  };
}

/** The text of --once. `left`: names of steps without a response; `stopped`: by what the user stopped it. */
export function describeOnce(steps: readonly ShownStep[], left: readonly string[], stopped?: string): string {
  const shown = steps.map(({ route, request, response, taken, failure }, index) => {
    const { status, tookMs, bodyBytes, body } = response;
    const values = Object.entries(taken).map(([name, value]) => `  ${name} = ${value}`);
    return [
      `${index + 1}. ${route}: ${failure ? `FAILED, ${failure.text}` : 'as expected'}`,
      ...[request.line, ...request.headers].map((line) => `  > ${line}`),
      ...indent(request.body, '  > '),
      `  < ${status} after ${tookMs} ms, ${bodyBytes} bytes`,
      ...response.headers.map((line) => `  < ${line}`),
      ...indent(body === '' ? undefined : body, '  | '),
      ...values,
    ].join('\n');
  });
  const why = stopped === undefined ? 'not sent, as the step before it failed' : `no response, ${stopped}`;
  const notSent = left.map((name) => `${name}: ${why}`);
  return [...shown, ...notSent].join('\n\n');
}

function indent(text: string | undefined, before: string): string[] {
  return text === undefined ? [] : text.split('\n').map((line) => `${before}${line}`);
}

function hideHeader(line: string, given: ReadonlySet<string>, hide: (text: string) => string): string {
  const colon = line.indexOf(':');
  const name = line.slice(0, colon);
  const value = line.slice(colon + 1).trim();
  if (/^cookie$/i.test(name)) return `${name}: ${value.replace(/=[^;]*/g, '=***')}`;
  if (/^set-cookie$/i.test(name)) return `${name}: ${value.replace(/=[^;]*/, '=***')}`;
  if (/^(proxy-)?authorization$/i.test(name)) return `${name}: ${value.replace(/^(\w+ )?.*$/, '$1***')}`;
  if (secretName.test(name) || given.has(name.toLowerCase())) return `${name}: ***`;
  const shown = withoutSecrets(hide(`${name}: ${value}`));
  return printable(/^(referer|(content-)?location|refresh|link)$/i.test(name) ? withoutQueryValues(shown) : shown);
}

/** Replaces values of variables wherever they stand, in each way in which texts write them. */
function hiderOf(values: ReadonlyMap<string, string>): (text: string) => string {
  const known = [...values].flatMap(([name, value]) => {
    const hidden = shownValue(name, value);
    return hidden === value ? [] : formsOf(value).map((form) => ({ form, hidden }));
  });
  known.sort((a, b) => b.form.length - a.form.length);
  return (text) => known.reduce((shown, { form, hidden }) => shown.replaceAll(form, () => hidden), text);
}

/** As it is, in a path and a form, in JSON (also in ASCII), in HTML, and in the bytes of a head. */
function formsOf(value: string): string[] {
  const json = JSON.stringify(value).slice(1, -1);
  const form = new URLSearchParams([['', value]]).toString().slice(1);
  const percent = [encodeURIComponent(value), encodeURI(value), form];
  const ascii = json.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
  const texts = [value, json, ascii, json.replaceAll('/', '\\/'), ...htmlOf(value)];
  const bytes = [...texts, ...percent].map((text) => Buffer.from(text).toString('latin1'));
  const lower = percent.map((text) => text.replace(/%../g, (code) => code.toLowerCase()));
  return [...new Set([...texts, ...percent, ...lower, ...bytes])];
}

/** Template engines differ in quotes. */
function htmlOf(value: string): string[] {
  const text = value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const quoted = ['"', '&quot;', '&#34;'].map((quote) => text.replaceAll('"', quote));
  return quoted.flatMap((each) => ["'", '&#39;', '&#x27;'].map((quote) => each.replaceAll("'", quote)));
}

function shownValue(name: string, value: string): string {
  if (/passw|pwd|secret/i.test(name) || (secretName.test(name) && value.length <= 2 * shownOfSecret)) return '***';
  if (secretName.test(name)) return `${value.slice(0, shownOfSecret)}***`;
  return value.length > longestValue ? `${value.slice(0, longestValue)}...` : value;
}

function shorten(text: string): string {
  const shown = text.slice(0, mostShown);
  if (shown.includes('\uFFFD') || shown.includes('\0')) return '(binary)';
  return printable(shown.length < text.length ? `${shown}...` : shown);
}

/** What a response sends must not steer the terminal. */
function printable(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/[^\P{C}\n\t]/gu, '\u00b7');
}

function listOf(statuses: readonly number[]): string {
  return statuses.length > 5 ? `${statuses[0]} to ${statuses.at(-1)}` : statuses.join(' or ');
}

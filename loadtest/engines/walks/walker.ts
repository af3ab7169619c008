// One user on a walk, who is also the message of the step that is due: the connection sends it, and shows it the answer.
import type { WalkFailure } from '../../../model/walk.ts';
import { CookieJar } from '../../walks/cookie-jar.ts';
import type { SeenAnswer } from '../../walks/take-value.ts';
import { fillTemplate } from '../../walks/template.ts';
import { headerValues, Kept, splitHeads } from '../http/kept.ts';
import type { RequestBytes } from '../http/request-bytes.ts';
import { type BodyText, bodyText } from './body-text.ts';
import type { CompiledStep, CompiledWalk } from './compile-walk.ts';
import { fromLatin1, latin1 } from './latin1.ts';

export class Walker implements RequestBytes, SeenAnswer {
  bytes: Buffer = noBytes;
  toHead = false;
  repeatable = false;
  readonly kept = new Kept(false, 0);
  /** Number of the step that is due, or on its way. */
  step = 0;
  /** Path and query of that step. */
  path = '/';
  /** Its answer was as expected, and another step follows; false from its sending on. */
  goesOn = false;
  isComplete = false;
  failure: WalkFailure | undefined;
  readonly values: Map<string, string>;
  readonly #walk: CompiledWalk;
  /** Both of the last answer, once they were asked for. */
  #lines: readonly string[] | undefined;
  #body: BodyText | undefined;
  /** Once there was a cookie. */
  #jar: CookieJar | undefined;

  /** `number`: of the walk, which chooses its row. */
  constructor(walk: CompiledWalk, number: number) {
    this.#walk = walk;
    this.values = walk.hasVariables ? new Map() : noValues;
    if (walk.rows) {
      const { columns, cells } = walk.rows;
      const row = cells[number % cells.length];
      for (const [place, name] of columns.entries()) this.values.set(name, row?.[place] as string);
    }
    this.#prepare(this.#due);
  }

  get #due(): CompiledStep {
    return this.#walk.steps[this.step] as CompiledStep;
  }

  /** Looks at the whole answer, and prepares the next step. Returns the number of the route that the answer counts for. */
  seen(status: number): number {
    const number = this.step;
    const { expected, takes } = this.#due;
    this.#look();
    if (!expected.has(status)) {
      this.failure = { why: 'status' };
      return number;
    }
    for (const { variable, take, ofBody } of takes) {
      const value = take(this);
      if (value === undefined) return this.#miss(number, { why: (ofBody && this.#body?.problem) || 'value', variable });
      this.values.set(variable, value);
    }
    const next = this.#walk.steps[number + 1];
    if (next === undefined) {
      this.isComplete = true;
      return number;
    }
    if (!this.#prepare(next)) return this.#miss(number, { why: 'other-host' });
    this.step++;
    this.goesOn = true;
    return number;
  }

  /** An expected status, but not what the walk needs: it counts as one that was not expected. */
  #miss(number: number, failure: WalkFailure): number {
    this.failure = failure;
    return number + this.#walk.steps.length;
  }

  header(name: string): readonly string[] {
    return this.#headerBytes(name.toLowerCase()).map(fromLatin1);
  }

  /** A character for each byte. */
  #headerBytes(name: string): readonly string[] {
    this.#lines ??= splitHeads(this.kept.heads).lines;
    return headerValues(this.#lines, name);
  }

  body(): string {
    const { heads } = this.kept;
    this.#body ??= bodyText(this.kept, encoding.test(heads) ? this.header('content-encoding').join(', ') : '');
    return this.#body.text;
  }

  /** Keeps the cookies of the answer. */
  #look(): void {
    this.#lines = undefined;
    this.#body = undefined;
    const { heads } = this.kept;
    if (heads === '' || !setCookie.test(heads)) return;
    this.#jar ??= new CookieJar(this.#walk.cookieOrigin);
    for (const value of this.#headerBytes('set-cookie')) this.#jar.store(value, this.path);
  }

  /** Makes the message of a step. False where its path leads to another host. */
  #prepare(step: CompiledStep): boolean {
    const path = this.#pathOf(step);
    if (path === undefined) return false;
    this.path = path;
    const { bytesOf, toHead, repeatable } = step.request;
    const own = step.cookies.length === 0 ? '' : latin1(fillTemplate(step.cookies, this.values));
    this.bytes = bytesOf(path, this.#jar?.header(path, own) ?? own, this.values);
    this.toHead = toHead;
    this.repeatable = repeatable;
    this.kept.reset(step.everyHead, step.bodyBytes);
    return true;
  }

  /** A variable at its begin is a link of the answer before; elsewhere its value is a part of the path (as in RFC 6570). */
  #pathOf({ path }: CompiledStep): string | undefined {
    const [first] = path;
    if (typeof first === 'string' || first === undefined) return fillTemplate(path, this.values, encodeURIComponent);
    const link = fillTemplate([first], this.values) + fillTemplate(path.slice(1), this.values, encodeURIComponent);
    const { origin } = this.#walk;
    if (!URL.canParse(link, `${origin}${this.path}`)) return undefined;
    const url = new URL(link, `${origin}${this.path}`);
    return url.origin === origin ? `${url.pathname}${url.search}` : undefined;
  }
}

const noBytes = Buffer.alloc(0);
/** Of walks without variables. */
const noValues = new Map<string, string>();
const setCookie = /\nset-cookie:/i;
const encoding = /\ncontent-encoding:/i;

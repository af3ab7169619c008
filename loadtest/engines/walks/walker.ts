// One user on a walk, who is also the message of the step that is due: the connection sends it, and shows it the answer.
import type { WalkFailure } from '../../../model/walk.ts';
import { CookieJar } from '../../walks/cookie-jar.ts';
import type { SeenAnswer } from '../../walks/take-value.ts';
import { fillTemplate } from '../../walks/template.ts';
import type { Kept } from '../http/body-reader.ts';
import { headerValues, headText, splitHeads } from '../http/kept-head.ts';
import type { RequestBytes } from '../http/request-bytes.ts';
import { type BodyText, bodyText } from './body-text.ts';
import type { CompiledStep, CompiledWalk } from './compile-walk.ts';
import { fromLatin1, latin1 } from './latin1.ts';

export class Walker implements RequestBytes, SeenAnswer {
  bytes: Buffer = Buffer.alloc(0);
  toHead = false;
  repeatable = false;
  kept: Kept = { head: [], body: [], bodyBytesLeft: 0 };
  /** Number of the step that is due, or on its way. */
  step = 0;
  /** Path and query of that step. */
  path = '/';
  /** Its answer was as expected, and another step follows; false from its sending on. */
  goesOn = false;
  isComplete = false;
  failure: WalkFailure | undefined;
  readonly values = new Map<string, string>();
  readonly #walk: CompiledWalk;
  /** Of the head of the last answer that was looked at. */
  #lines: readonly string[] = [];
  /** Of that answer, once it was asked for. */
  #body: BodyText | undefined;
  readonly #jar: CookieJar;

  /** `number`: of the walk, which chooses its row. */
  constructor(walk: CompiledWalk, number: number) {
    this.#walk = walk;
    this.#jar = new CookieJar(walk.cookieOrigin);
    const { columns, cells } = walk.rows ?? { columns: [], cells: [] };
    const row = cells[number % cells.length];
    for (const [place, name] of columns.entries()) this.values.set(name, row?.[place] as string);
    this.#prepare(this.#due);
  }

  get #due(): CompiledStep {
    return this.#walk.steps[this.step] as CompiledStep;
  }

  /** Looks at the whole answer, and prepares the next step. Returns the number of the route that the answer counts for. */
  seen(status: number): number {
    const number = this.step;
    const { expected, takes } = this.#due;
    this.#look(takes.length > 0);
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
    return headerValues(this.#lines, name.toLowerCase()).map(fromLatin1);
  }

  body(): string {
    this.#body ??= bodyText(this.kept, this.header('content-encoding').join(', '));
    return this.#body.text;
  }

  /** Keeps the cookies of the answer. */
  #look(takes: boolean): void {
    this.#body = undefined;
    // The heads of most answers set no cookie, and need not be read.
    const text = headText(this.kept.head);
    const setsCookie = setCookie.test(text);
    if (takes || setsCookie) this.#lines = splitHeads(text).lines;
    if (setsCookie) for (const value of headerValues(this.#lines, 'set-cookie')) this.#jar.store(value, this.path);
  }

  /** Makes the message of a step. False where its path leads to another host. */
  #prepare(step: CompiledStep): boolean {
    const path = this.#pathOf(step);
    if (path === undefined) return false;
    this.path = path;
    const { bytesOf, toHead, repeatable } = step.request;
    const own = latin1(fillTemplate(step.cookies, this.values));
    this.bytes = bytesOf(path, this.#jar.header(path, own), this.values);
    this.toHead = toHead;
    this.repeatable = repeatable;
    this.kept = { head: [], body: [], bodyBytesLeft: step.keptBytes };
    return true;
  }

  /** A variable at its begin is a link of the answer before; elsewhere its value is a part of the path (as in RFC 6570). */
  #pathOf({ path }: CompiledStep): string | undefined {
    const [first, ...rest] = path;
    if (typeof first === 'string' || first === undefined) return fillTemplate(path, this.values, encodeURIComponent);
    const link = fillTemplate([first], this.values) + fillTemplate(rest, this.values, encodeURIComponent);
    const { origin } = this.#walk;
    if (!URL.canParse(link, `${origin}${this.path}`)) return undefined;
    const url = new URL(link, `${origin}${this.path}`);
    return url.origin === origin ? `${url.pathname}${url.search}` : undefined;
  }
}

const setCookie = /\nset-cookie:/i;

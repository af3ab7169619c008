// What a phase found, as data: a code and its figures. Its text is made once, in the `messages` of the folder that found it.
import * as z from 'zod';

/**
 * `code` names the kind; every other key is a figure with its unit in its name. `text` is the sentence, present in files and JSON
 * documents. Code decides by `code` and figures, never by `text`.
 */
export const findingSchema = z.looseObject({ code: z.string(), text: z.string().exactOptional() });
export type Finding = z.infer<typeof findingSchema>;

/** A folder's texts: for each code the function from its figures to one sentence. */
type Texts = Readonly<Record<string, (figures: never) => string>>;

/** A finding of `texts`, whose figures are those that its text takes. */
type FindingOf<T extends Texts, C extends keyof T & string = keyof T & string> = C extends string
  ? { readonly code: C; readonly text: string } & (Parameters<T[C]> extends [infer F] ? F : unknown)
  : never;

/** Returns `finding(code, figures)`, which makes a finding together with its text from `texts`. */
export function findingMaker<T extends Texts>(texts: T) {
  return <C extends keyof T & string>(code: C, ...[figures]: Parameters<T[C]>): FindingOf<T, C> =>
    ({ ...(figures as object), code, text: texts[code]?.(figures as never) }) as FindingOf<T, C>;
}

/** A sentence of a record that was written before findings had codes: shown, never decided on. */
export function legacyFinding(text: string): Finding {
  return { code: 'legacy', text };
}

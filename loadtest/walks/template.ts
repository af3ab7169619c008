// Texts with variables: `${name}`. `$${` stands for `${`.
import { UserError } from '../../model/user-error.ts';

/** Fixed texts, and variables by name. */
export type Template = readonly (string | { readonly variable: string })[];

/** As a variable, and as the heading of a column, may be called. */
const named = /^[A-Za-z_][\w.-]*$/;

/** Reads a text. Throws a UserError for a `${` that begins no variable. */
export function parseTemplate(text: string): Template {
  const parts: (string | { readonly variable: string })[] = [];
  let fixed = '';
  let from = 0;
  for (const match of text.matchAll(/\$\$\{|\$\{([^}]*)(\}?)/g)) {
    fixed += text.slice(from, match.index);
    from = match.index + match[0].length;
    const [whole, name = '', end] = match;
    if (whole === '$${') fixed += '${';
    else if (end !== '}' || !isVariableName(name))
      throw new UserError(
        `"${whole.slice(0, 40)}" is not a variable: use \${name} with letters, digits, _ . and -, or $\${ for the characters themselves`,
      );
    else {
      parts.push(fixed, { variable: name });
      fixed = '';
    }
  }
  return [...parts, fixed + text.slice(from)].filter((part) => part !== '');
}

export function isVariableName(name: string): boolean {
  return named.test(name);
}

/** A text in which nothing is a variable. */
export function escapeTemplate(text: string): string {
  return text.replaceAll('${', () => '$${');
}

export function variablesOf(template: Template): string[] {
  return template.flatMap((part) => (typeof part === 'string' ? [] : [part.variable]));
}

/** The text with the values of its variables, each as `encode` writes it. */
export function fillTemplate(
  template: Template,
  values: ReadonlyMap<string, string>,
  encode: (value: string) => string = (value) => value,
): string {
  let text = '';
  for (const part of template) text += typeof part === 'string' ? part : encode(values.get(part.variable) as string);
  return text;
}

// What the user gave as text, as a record and its report keep it: they are archived, and read by more people than the command line.

/** `password=x`, `"token": "x"`, `--api-key x`, `Bearer x`, `user:x@host`. A variable of the shell ($NAME) is no secret. */
const secrets = [
  /((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization)["']?\s*[=:]\s*")(?!\$)[^"]+(?=")/gi,
  /((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization)["']?\s*[=:]\s*')(?!\$)[^']+(?=')/gi,
  /((?:pass(?:word|wd)?|pwd|secret|token|api[_-]?key|access[_-]?key|authorization)["']?\s*[=:]\s*(?:(?:bearer|basic|digest)\s+)?)(?![$"'])[^\s"'&;}]+/gi,
  /(--(?:password|secret|token|api-?key)[\s=]["']?)(?!\$)[^\s"'&;]+/gi,
  /(\bbearer\s+)(?!\$)[\w.~+/=-]{8,}/gi,
  /(\w:\/\/[^\s:/@]*:)(?!\$)[^\s/]+(?=@)/g,
];

/** The text with `***` for each value that stands where secrets do. */
export function withoutSecrets(text: string): string {
  return secrets.reduce((shown, secret) => shown.replace(secret, '$1***'), text);
}

/** The text with `***` for each value of a query of a URL or a path: a sign-in code or a signature may have any name. */
export function withoutQueryValues(text: string): string {
  return text.replace(/\?[^\s"'<>]*/g, (query) => query.replace(/=[^&#;]*/g, '=***'));
}

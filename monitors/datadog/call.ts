// One call to Datadog, and its failures as errors for the user.
import { UserError } from '../../model/user-error.ts';
import type { CheckedAccess } from './access.ts';
import { LostAnswer } from './retrying-fetch.ts';

/** Datadog refused a request as invalid. */
export class Refusal extends UserError {
  readonly status: number;
  /** The id of the monitor that a new monitor duplicates, when Datadog names one. */
  readonly duplicateOf: number | undefined;
  constructor(what: string, { code, body }: ErrorResponse, cause: unknown) {
    const reasons = reasonsOf(body);
    const gone = code === 404 ? '. It was deleted in between, or never there: run the command again' : '';
    super(`Datadog refused ${what}: ${reasons} (status ${code})${gone}`, { cause });
    this.status = code;
    const [, id] = /Duplicate of an existing monitor_id:(\d+)/.exec(reasons) ?? [];
    this.duplicateOf = id === undefined ? undefined : Number(id);
  }
}

/** An error response as the client throws it. */
type ErrorResponse = { readonly code: number; readonly body?: unknown };

/** The reasons in `{"errors": [...]}`, which are texts or in newer calls `{title, detail}`; else the answer as it is. */
function reasonsOf(given: unknown): string {
  const body = withoutWrapper(given);
  const { errors } = (body ?? {}) as { readonly errors?: unknown };
  if (errors === undefined || (Array.isArray(errors) && errors.length === 0))
    return body === undefined || body === '' ? 'no reason given' : shortened(body);
  return [errors].flat().map(reasonOf).join('; ');
}

/** For a status that its documentation does not list, the client gives the text of the body in a sentence of its own. */
function withoutWrapper(body: unknown): unknown {
  const text = typeof body === 'string' ? /^Unknown API Status Code!\s*Body: "(.*)"$/s.exec(body)?.[1] : undefined;
  if (text === undefined) return body;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function reasonOf(error: unknown): string {
  const { title, detail } = (error ?? {}) as { readonly title?: unknown; readonly detail?: unknown };
  const parts = [title, detail].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(': ') : shortened(error);
}

function shortened(value: unknown): string {
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 300);
}

/**
 * Runs a call. `what` completes "Datadog refused ...". Throws a UserError for each failure; with `onLost: 'throw'` a LostAnswer when it
 * is unknown whether the request was stored.
 */
export type Call = <T>(what: string, request: () => Promise<T>, onLost?: 'report' | 'throw') => Promise<T>;

/** `validate` asks Datadog about the API key alone, to name the key that was refused. */
export function createCall(access: CheckedAccess, validate: () => Promise<unknown>): Call {
  return async (what, request, onLost = 'report') => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (error instanceof LostAnswer) {
        if (onLost === 'throw') throw error;
        throw new UserError(`The answer of Datadog to ${what} was lost (${error.message}). Run the command again`, {
          cause: error,
        });
      }
      if (!isErrorResponse(error)) {
        throw new UserError(`The answer of Datadog to ${what} is invalid: ${(error as Error).message}`, {
          cause: error,
        });
      }
      if (error.code !== 401 && error.code !== 403) throw new Refusal(what, error, error);
      const given = reasonsOf(error.body);
      const reason = /^(forbidden|unauthorized|no reason given|[{[].*)$/is.test(given)
        ? ''
        : ` Datadog's reason: ${given}`;
      throw new UserError(`${await refusedKey(access, what, validate)}${reason}`, { cause: error });
    }
  };
}

async function refusedKey(
  { site, url, apiUrl, apiKeyPage, appKeyPage }: CheckedAccess,
  what: string,
  validate: () => Promise<unknown>,
): Promise<string> {
  try {
    await validate();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    return apiUrl === undefined
      ? `Datadog (${site}) refused DD_API_KEY. Create a key at ${apiKeyPage}, or set DD_SITE to the site of the key`
      : `${url} (DD_API_URL) refused DD_API_KEY. Use a key of its account, or unset DD_API_URL to use ${site}`;
  }
  return apiUrl === undefined
    ? `Datadog refused DD_APP_KEY for ${what}. Create a key with the permission for it at ${appKeyPage}`
    : `${url} (DD_API_URL) refused DD_APP_KEY for ${what}. Use a key of its account with the permission for it`;
}

/** Waits for a request to delete; succeeds also when what it deletes no longer exists. */
export async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isErrorResponse(error) || error.code !== 404) throw error;
  }
}

/** System errors have codes of letters. */
function isErrorResponse(error: unknown): error is Error & ErrorResponse {
  return error instanceof Error && 'body' in error && 'code' in error && typeof error.code === 'number';
}

// One call to Datadog, and what its failure means to a person.
import { UserError } from '../../model/user-error.ts';
import type { CheckedAccess } from './access.ts';
import { LostAnswer } from './retrying-fetch.ts';

/** An answer that says no, as the client throws it. */
type Refusal = { readonly code: number; readonly body?: { readonly errors?: unknown } };

export type Call = <T>(what: string, request: () => Promise<T>, onLost?: 'report' | 'throw') => Promise<T>;

/**
 * Gives the function that runs calls; `what` completes the sentence "Datadog refuses ...". Whatever goes wrong is a UserError, and with
 * `onLost: 'throw'` a LostAnswer when nobody knows whether it was stored. `validate` asks Datadog about the API key alone.
 */
export function createCall(
  { site, url, apiUrl, apiKeyPage, appKeyPage }: CheckedAccess,
  validate: () => Promise<unknown>,
): Call {
  const keyProblem = async (what: string): Promise<string> => {
    try {
      await validate();
    } catch (error) {
      if (error instanceof UserError) return error.message;
      return apiUrl === undefined
        ? `Datadog refuses DD_API_KEY at ${site}: make one at ${apiKeyPage}, or give the site it belongs to with DD_SITE`
        : `${url} (DD_API_URL) refuses DD_API_KEY: give a key of the account behind it, or leave DD_API_URL out to reach ${site}`;
    }
    return apiUrl === undefined
      ? `Datadog refuses DD_APP_KEY for ${what}: make one with the rights for it at ${appKeyPage}`
      : `${url} (DD_API_URL) refuses DD_APP_KEY for ${what}: give one with the rights for it, of the account behind it`;
  };
  return async (what, request, onLost = 'report') => {
    try {
      return await request();
    } catch (error) {
      if (error instanceof UserError) throw error;
      if (error instanceof LostAnswer) {
        if (onLost === 'throw') throw error;
        throw new UserError(`Datadog's answer to ${what} was lost (${error.message}): run again`, { cause: error });
      }
      if (!isRefusal(error)) {
        throw new UserError(`Datadog's answer to ${what} was not understood: ${(error as Error).message}`, {
          cause: error,
        });
      }
      const { code, body } = error;
      if (code === 401 || code === 403) throw new UserError(await keyProblem(what), { cause: error });
      const reasons = Array.isArray(body?.errors) ? body.errors.join('; ') : JSON.stringify(body);
      throw new UserError(`Datadog refuses ${what}: ${reasons} (status ${code})`, { cause: error });
    }
  };
}

/** Makes a failed call succeed when the thing that it is about does not exist any more. */
export async function unlessGone(request: Promise<unknown>): Promise<void> {
  try {
    await request;
  } catch (error) {
    if (!isRefusal(error) || error.code !== 404) throw error;
  }
}

/** Errors of the system have codes of letters. */
function isRefusal(error: unknown): error is Refusal {
  return error instanceof Error && 'body' in error && 'code' in error && typeof error.code === 'number';
}

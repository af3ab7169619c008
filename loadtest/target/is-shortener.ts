// Whether a running target is headroom's shortener, so that the mix over its links can be sent.
import { UserError } from '../../model/user-error.ts';
import { usualSuccess } from '../profiles/request-mix.ts';
import { ask } from './ask.ts';

/** The title of its OpenAPI document stands within the first bytes. */
const bodyBytes = 4096;
/** The shortener answers in milliseconds; a target that is silent is waited for once more, by the preflight. */
const timeoutS = 2;

/** By the OpenAPI document that the shortener serves. False where nothing of that kind answers: the preflight says what is wrong. */
export async function isShortener(origin: string, insecure: boolean, signal?: AbortSignal): Promise<boolean> {
  const route = {
    name: '',
    method: 'GET' as const,
    path: '/openapi.json',
    weight: 1,
    headers: {},
    expect: [...usualSuccess],
  };
  try {
    const { status, body } = await ask(origin, route, insecure, { bodyBytes, timeoutS, signal });
    return status === 200 && /"title"\s*:\s*"headroom shortener"/.test(body);
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

// Waits until an app that was just started answers, or says why it does not.
import { setTimeout as wait } from 'node:timers/promises';
import { UserError } from '../../model/user-error.ts';
import { slowness } from '../generators/child.ts';
import { stayInForeground } from '../messages.ts';
import { ask } from './ask.ts';
import { lastLines } from './last-lines.ts';
import type { AppOptions } from './started-app.ts';

type Waiting = Pick<
  AppOptions,
  'readyPath' | 'fixed' | 'logFile' | 'signal' | 'say' | 'sayAfterMs' | 'view' | 'withheld'
> & {
  /** Addresses that it may listen on. */
  readonly origins: readonly string[];
  readonly port: number;
  readonly root: number;
  /** Resolves with how it ended. */
  readonly exited: Promise<string>;
};

/** Apps on the JVM take half a minute on a small machine. */
const usualStartMs = 90_000;
/** A user waits no longer for an app that never listens, however busy the machine was when Node started. */
export const mostSlowness = 3;
const askEveryMs = 100;
const oneAnswerS = 10;
const usualSayAfterMs = 5000;

/** The origin that answers. Throws a UserError when the app ended, or did not answer in time, and the signal's reason when it was aborted. */
export async function waitUntilReady(waiting: Waiting): Promise<string> {
  const { exited, signal } = waiting;
  const limitMs = usualStartMs * Math.min(mostSlowness, slowness());
  const began = performance.now();
  let how: string | undefined;
  void exited.then((ended) => {
    how = ended;
  });
  const over = Promise.race([exited, aborted(signal)]);
  let last = 'no response';
  const timer = setTimeout(() => {
    waiting.say(`The app has not answered yet (${last})${elsewhere(waiting)}. Waiting for up to ${limitMs / 1000} s`);
  }, waiting.sayAfterMs ?? usualSayAfterMs);
  try {
    for (;;) {
      const found = await Promise.race([answering(waiting), over.then(() => last)]);
      if (typeof found !== 'string') return found.origin;
      last = found;
      if (how !== undefined) throw new UserError(describeExit(waiting, how));
      signal.throwIfAborted();
      if (performance.now() - began > limitMs) throw new UserError(describeSilence(waiting, last, limitMs));
      await Promise.race([wait(askEveryMs), over]);
    }
  } finally {
    clearTimeout(timer);
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) resolve();
  });
}

/** The origin that is ready, or why none is. */
async function answering({ origins, readyPath }: Waiting): Promise<{ readonly origin: string } | string> {
  let last = '';
  for (const origin of origins) {
    const path = readyPath ?? '/';
    const route = { name: '', method: 'GET' as const, path, weight: 1, headers: {}, expect: [] };
    try {
      const { status } = await ask(origin, route, true, { timeoutS: oneAnswerS });
      // An app without a page at / answers 404 there, and works.
      if (status < (readyPath === undefined ? 500 : 400)) return { origin };
      return `GET ${path} answered ${status}`;
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      last ||= error.message.replace(/\. .*$/s, '');
    }
  }
  return last;
}

function describeExit(waiting: Waiting, how: string): string {
  const foreground = how === 'exit 0' ? stayInForeground : '';
  const lines = lastLines(waiting.logFile);
  const taken = lines.some((line) => /EADDRINUSE|address already in use/i.test(line))
    ? '. A port that it needs is taken: let it listen on $PORT, or free its own and name that: --target http://127.0.0.1:PORT/'
    : '';
  const missing = waiting.withheld.find((name) => lines.some((line) => line.includes(name)));
  const kept = missing ? `. headroom keeps ${missing} to itself: pass it by another name, ${otherName(missing)}` : '';
  return `The app of --app exited (${how}) before it answered${foreground}${taken}${kept}. ${said(waiting)}`;
}

/** So that its value is not in the command, which is recorded. */
function otherName(name: string): string {
  return `like APP_${name}=... npm run stress -- --app '${name}=$APP_${name} COMMAND'`;
}

function describeSilence(waiting: Waiting, last: string, limitMs: number): string {
  const { fixed, port, readyPath } = waiting;
  const todo = last.includes(' answered ')
    ? `Name a page that answers with success: --ready PATH${readyPath === undefined ? '' : ` (now ${readyPath})`}`
    : fixed
      ? `Check the port in --target`
      : `It has to listen on $PORT (${port}). For a port of its own add --target http://127.0.0.1:PORT/`;
  return `The app of --app did not answer within ${limitMs / 1000} s (${last})${elsewhere(waiting)}. ${todo}. ${said(waiting)}`;
}

/** The mistake that is made most: a port of its own. */
function elsewhere({ view, root, port }: Waiting): string {
  const ports = view.ports(view.family([root])).filter((each) => each !== port);
  return ports.length === 0 ? '' : `. It listens on port ${ports.join(' and ')} instead of ${port}`;
}

function said({ logFile }: Waiting): string {
  const lines = lastLines(logFile);
  return lines.length === 0 ? 'It wrote nothing' : `It wrote last:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}

// Visitors of the guest's site, who follow a link again and again and now and then make one, through whatever happens to it.
import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';

export type Visits = {
  readonly answered: number;
  /** Redirects that did not come, by what came instead. */
  readonly failed: Readonly<Record<string, number>>;
  /** Creations that failed: one that was in progress when a primary process ended may not be repeated. */
  readonly refused: Readonly<Record<string, number>>;
  /** Of links whose creation was acknowledged. */
  readonly created: readonly string[];
};

const visitors = 4;
/** After each answer: at least this long, and longer where answers take long, so that they ask for about as much as the guest can do beside. */
const pauseMs = 100;
const pauseOfAnswer = 4;
const maxPauseMs = 2000;
/** One address may create 60 links a minute. */
const createEveryMs = 1300;
/** An emulated CPU that also deploys needs seconds at times. */
const patienceMs = 60_000;

/** Visits until it is stopped. */
export function startVisits(site: string): { stop(): Promise<Visits> } {
  const agent = new Agent({ keepAlive: true });
  const failed: Record<string, number> = {};
  const refused: Record<string, number> = {};
  const created: string[] = [];
  let answered = 0;
  let going = true;
  const count = (counts: Record<string, number>, problem: string): void => {
    counts[problem] = (counts[problem] ?? 0) + 1;
  };
  const follow = async (): Promise<void> => {
    while (going) {
      const askedMs = performance.now();
      const { status } = await ask(site, 'GET', '/go', agent);
      if (status === '302') answered++;
      else count(failed, status);
      await wait(Math.max(pauseMs, Math.min(maxPauseMs, pauseOfAnswer * (performance.now() - askedMs))));
    }
  };
  const create = async (): Promise<void> => {
    while (going) {
      const { status, location } = await ask(site, 'POST', '/api/links', agent);
      if (status === '201' && location) created.push(location.replace(/^.*\//, ''));
      else count(refused, status);
      await wait(createEveryMs);
    }
  };
  const all = Promise.all([...Array.from({ length: visitors }, follow), create()]);
  return {
    async stop() {
      going = false;
      await all;
      agent.destroy();
      return { answered, failed, refused, created };
    },
  };
}

/** Those of the links that do not redirect. */
export async function lostLinks(site: string, created: readonly string[]): Promise<readonly string[]> {
  const agent = new Agent({ keepAlive: true });
  const lost: string[] = [];
  for (const code of created) {
    const { status } = await ask(site, 'GET', `/${code}`, agent);
    if (status !== '302') lost.push(`${code} (${status})`);
  }
  agent.destroy();
  return lost;
}

/**
 * The status, or the error's code in its place. As browsers do (RFC 9112, 9.3.1), a GET without an answer is sent again when its kept
 * connection was being closed, such as by a reload of nginx.
 */
export async function ask(
  site: string,
  method: string,
  path: string,
  agent?: Agent,
): Promise<{ status: string; location?: string }> {
  const first = await send(site, method, path, agent);
  return method === 'GET' && first.closing ? send(site, method, path) : first;
}

function send(
  site: string,
  method: string,
  path: string,
  agent?: Agent,
): Promise<{ status: string; location?: string; closing?: boolean }> {
  return new Promise((resolve) => {
    const headers = { 'content-type': 'application/json' };
    const fail = (error: NodeJS.ErrnoException): void => resolve({ status: error.code ?? error.message });
    const sent = request(
      `${site}${path}`,
      { method, ...(agent && { agent }), headers: method === 'POST' ? headers : {} },
      (response) => {
        const { statusCode, headers: answer } = response;
        response.resume().once('error', fail);
        response.once('end', () =>
          resolve({ status: String(statusCode), ...(answer.location !== undefined && { location: answer.location }) }),
        );
      },
    );
    sent.setTimeout(patienceMs, () => sent.destroy(Object.assign(new Error('late'), { code: 'late' })));
    sent.once('error', (error: NodeJS.ErrnoException) =>
      resolve({ status: error.code ?? error.message, closing: error.code === 'ECONNRESET' && sent.reusedSocket }),
    );
    sent.end(method === 'POST' ? JSON.stringify({ url: 'https://example.org/' }) : undefined);
  });
}

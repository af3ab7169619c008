import { Agent, request } from 'node:http';

export type Load = {
  /** Ends it; every request has been answered then. */
  stop(): Promise<{ readonly answered: number; readonly failed: readonly string[] }>;
};

const visitors = 8;
const pauseMs = 15;
const writeEvery = 25;

/** Visitors who follow a link again and again over kept connections, and now and then make one, until they are stopped. */
export function startLoad(site: string, { writes = true } = {}): Load {
  const agent = new Agent({ keepAlive: true, maxSockets: visitors });
  const failed: string[] = [];
  let answered = 0;
  let going = true;
  const send = (method: string, path: string, expected: number, body?: string): Promise<void> =>
    new Promise((resolve) => {
      const end = (problem?: string): void => {
        if (problem === undefined) answered++;
        else failed.push(`${method} ${path}: ${problem}`);
        resolve();
      };
      // Each is another visitor, who may create so many links a minute.
      const headers = {
        'content-type': 'application/json',
        'x-forwarded-for': `10.1.${(answered >> 8) & 255}.${answered & 255}`,
      };
      const sent = request(
        `${site}${path}`,
        { method, agent, headers: body === undefined ? {} : headers },
        (response) => {
          response.resume();
          response.once('end', () =>
            end(response.statusCode === expected ? undefined : `status ${response.statusCode}`),
          );
          response.once('error', (error) => end(error.message));
        },
      );
      sent.once('error', (error) => end(error.message));
      sent.end(body);
    });
  const visit = async (): Promise<void> => {
    for (let turn = 1; going; turn++) {
      if (writes && turn % writeEvery === 0)
        await send('POST', '/api/links', 201, JSON.stringify({ url: 'https://example.org/' }));
      else await send('GET', '/go', 302);
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  };
  const all = Promise.all(Array.from({ length: visitors }, visit));
  return {
    async stop() {
      going = false;
      await all;
      agent.destroy();
      return { answered, failed };
    },
  };
}

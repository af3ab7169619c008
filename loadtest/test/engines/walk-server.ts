// A small web app with sessions, cookies and a CSRF token, and the walk of its users.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Walk } from '../../../model/walk.ts';

type Session = { csrf: string; user?: string };

export type WalkApp = {
  readonly origin: string;
  /** `METHOD path status`, in order. */
  readonly log: string[];
  /** Who has signed in, in order. */
  readonly users: string[];
  close(): void;
};

const cookieOf = (request: IncomingMessage, name: string): string | undefined =>
  request.headers.cookie
    ?.split('; ')
    .map((each) => each.split('='))
    .find(([own]) => own === name)?.[1];

/** `withoutToken`: every so many-th sign-in page has none. */
export async function startWalkApp(options: { readonly withoutToken?: number } = {}): Promise<WalkApp> {
  const sessions = new Map<string, Session>();
  const log: string[] = [];
  const users: string[] = [];
  let pages = 0;
  const signIn = (session: Session | undefined, body: string, response: ServerResponse): void => {
    const form = new URLSearchParams(body);
    if (!session || form.get('_csrf') !== session.csrf || form.get('password') !== `pw of ${form.get('user')}`) {
      response.writeHead(403).end('no');
      return;
    }
    session.user = form.get('user') ?? '';
    users.push(session.user);
    response.writeHead(303, { location: `/orders/${users.length}`, 'set-cookie': 'theme=dark; Path=/orders' }).end();
  };
  const handle = (request: IncomingMessage, body: string, response: ServerResponse): void => {
    const { method, url = '' } = request;
    const session = sessions.get(cookieOf(request, 'sid') ?? '');
    if (method === 'GET' && url === '/login') {
      const id = `s${sessions.size}`;
      const csrf = `${id}+/=${'x'.repeat(12)}&`;
      sessions.set(id, { csrf });
      const isBare = options.withoutToken !== undefined && ++pages % options.withoutToken === 0;
      response.setHeader('set-cookie', [`sid=${id}; Path=/; HttpOnly`, 'gone=1; Max-Age=0']);
      response.end(isBare ? '<form>' : `<form><input name="_csrf" value="${csrf}"></form>`);
    } else if (method === 'POST' && url === '/login') signIn(session, body, response);
    else if (session?.user === undefined || cookieOf(request, 'gone')) response.writeHead(401).end();
    else if (cookieOf(request, 'theme') !== 'dark') response.writeHead(400).end();
    else response.setHeader('content-type', 'application/json').end(JSON.stringify({ of: session.user, url }));
  };
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      handle(request, body, response);
      log.push(`${request.method} ${request.url} ${response.statusCode}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    log,
    users,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Three requests: the page, the form, and where it leads. */
export const signInWalk: Walk = {
  steps: [
    {
      name: 'page',
      method: 'GET',
      path: '/login',
      headers: {},
      expect: [200],
      take: { csrf: { pattern: 'name="_csrf" value="([^"]+)"' } },
    },
    {
      name: 'sign in',
      method: 'POST',
      path: '/login',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'user=$' + '{user}&password=$' + '{password}&_csrf=$' + '{csrf}',
      expect: [303],
      take: { next: { header: 'location' } },
    },
    {
      name: 'order',
      method: 'GET',
      path: '$' + '{next}',
      headers: {},
      expect: [200],
      take: { owner: { json: '/of' } },
    },
  ],
};

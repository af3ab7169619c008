// Before the first request of the load: does the target answer, and as expected?
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import type { Finding } from '../../model/finding.ts';
import type { Route } from '../../model/profile.ts';
import { UserError } from '../../model/user-error.ts';
import { slowness } from '../generators/child.ts';
import { loadFinding } from '../messages.ts';

const limitMs = 5000 * slowness();

/** As the open engine takes them; Node's own limit is 16 KiB. */
const maxHeaderSize = 256 * 1024;

/** Loopback needs no permission. Any other host must be repeated in full, so that a typo cannot load somebody else's host. */
export function checkHostAllowed(target: URL, allowedHost: string | undefined): void {
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const loopback = host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
  if (loopback || allowedHost?.split(',').includes(host)) return;
  const repeated = allowedHost === undefined ? '' : `, not ${allowedHost}`;
  throw new UserError(
    `${host} is another machine. If you may load it, repeat its name: --allow-host ${host}${repeated}`,
  );
}

/**
 * Sends each route of the mix once. Throws a UserError that says what is wrong with the target; returns warnings about what is
 * odd but measurable. `redirectsTo` gives, by path, where a redirect must lead. Closed stages need connections that stay open.
 */
export async function preflight(
  origin: string,
  routes: readonly Route[],
  redirectsTo: Readonly<Record<string, string>>,
  options: { readonly insecure: boolean; readonly closed: boolean },
): Promise<Finding[]> {
  const warnings: Finding[] = [];
  for (const route of routes) {
    const url = new URL(`${origin}${route.path}`);
    const { answer, before } = await ask(url, route, options.insecure);
    const status = answer.statusCode ?? 0;
    const location = answer.headers.location;
    const leads = location === undefined ? '' : ` and leads to ${location}`;
    if (!route.expect.includes(status)) {
      throw new UserError(
        `${route.method} ${url.href} answered ${status}${leads}, expected ${describe(route.expect)}. Fix the target, or give the expected status with --expect (in a profile: "expect" of the route)`,
      );
    }
    const wanted = redirectsTo[route.path];
    if (wanted !== undefined && location !== wanted) {
      throw new UserError(
        `${url.href} redirects to ${location ?? 'no location'}, but urls.json has ${wanted}. If the target is not headroom's shortener, give the URL of a page, or --expect 200 for its root page`,
      );
    }
    if (wanted === undefined && status >= 300 && status < 400 && location !== undefined && routes.length === 1) {
      warnings.push(loadFinding('redirect-measured', { url: url.href, location }));
    }
    const uncountable = options.closed ? whyUncountable(answer, before) : undefined;
    if (uncountable !== undefined) throw new UserError(`${url.href} ${uncountable}, or use an open stage (--rate)`);
  }
  return warnings;
}

/** What the engine of closed stages cannot count (docs/autocannon.md, P5 and P14), and what to do about it. */
function whyUncountable(answer: IncomingMessage, before: readonly number[]): string | undefined {
  if (answer.headers.connection?.toLowerCase() === 'close' || answer.httpVersion === '1.0')
    return 'closes the connection after each response, which a closed stage cannot measure. Enable keep-alive in the target';
  if (before.length > 0)
    return `sends ${before.join(', ')} before its response, which a closed stage cannot count. Disable that in the target`;
  if (answer.statusCode === 304 && Number(answer.headers['content-length'] ?? 0) > 0)
    return 'sends 304 with a Content-Length, whose body a closed stage would wait for. Remove that header in the target';
  return undefined;
}

type Answer = { readonly answer: IncomingMessage; readonly before: readonly number[] };

/** `before`: the statuses (1xx) that came ahead of the answer. */
function ask(url: URL, route: Route, insecure: boolean): Promise<Answer> {
  const send = url.protocol === 'https:' ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(url, {
      method: route.method,
      maxHeaderSize,
      headers: { connection: 'keep-alive', ...route.headers },
      signal: AbortSignal.timeout(limitMs),
      ...(url.protocol === 'https:' && { rejectUnauthorized: !insecure }),
    });
    const before: number[] = [];
    request.on('information', ({ statusCode }) => before.push(statusCode));
    request.on('response', (answer) => {
      answer.resume();
      answer.on('end', () => resolve({ answer, before }));
      answer.on('error', (cause) =>
        reject(
          new UserError(
            `${url.href} closed the connection mid-response (${(cause as NodeJS.ErrnoException).code}). Check the target's log`,
            {
              cause,
            },
          ),
        ),
      );
    });
    request.on('error', (cause: NodeJS.ErrnoException) =>
      reject(new UserError(`${url.href} ${unreachable(cause)}`, { cause })),
    );
    request.end(route.body);
  });
}

function unreachable(error: NodeJS.ErrnoException): string {
  if (error.name === 'TimeoutError' || error.name === 'AbortError')
    return `did not respond within ${limitMs / 1000} s. Check that the target works and that no firewall blocks it`;
  if (error.code === 'ECONNREFUSED')
    return 'refused the connection: nothing listens on that port. Start the target, or check the port';
  if (error.code && /CERT|SELF_SIGNED|UNABLE_TO_VERIFY/.test(error.code)) {
    return `has an untrusted certificate (${error.code}). Install a valid one, or use --insecure`;
  }
  if (error.code === 'ENOTFOUND' || error.code === 'EAI_AGAIN')
    return 'cannot be resolved. Check the host name and the network';
  if (error.code === 'HPE_HEADER_OVERFLOW')
    return `sends more than ${maxHeaderSize / 1024} KiB of headers, which no browser accepts. Fix the target`;
  if (error.code?.startsWith('HPE_'))
    return `does not speak HTTP (${error.code}). Check that the port belongs to the web app`;
  if (error.code === 'ECONNRESET') return 'reset the connection before it responded. Check the log of the target';
  return `cannot be reached (${error.code ?? error.message}). Check the address`;
}

/** 200-399 as "2xx or 3xx", others one by one. */
function describe(expect: readonly number[]): string {
  const classes = [1, 2, 3, 4, 5].filter(
    (each) => expect.filter((status) => Math.floor(status / 100) === each).length === 100,
  );
  const single = expect.filter((status) => !classes.includes(Math.floor(status / 100)));
  return [...classes.map((each) => `${each}xx`), ...single.map(String)].join(' or ');
}

// A server of known law, in a process of its own: prints its address, ends with its stdin.
//   stall            10 ms each; from 2 s after the first request on, it stalls for 500 ms every 5 s
//   spread           1 ms each, but for one in ten, which takes evenly from 1 to 51 ms
//   queue MS         one server with constant service time and an unbounded queue (M/D/1 under Poisson arrivals)
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import { startThinking } from '../../loadtest/engines/thinking.ts';

/** When a request that comes at a time is to be answered. In milliseconds. */
type Law = (atMs: number) => number;

function stallLaw(): Law {
  let first: number | undefined;
  return (atMs) => {
    first ??= atMs;
    const phase = (atMs - first + 3000) % 5000;
    return (phase < 500 ? atMs + 500 - phase : atMs) + 10;
  };
}

/** Of each 1,000 requests in a row, each takes another place in the law; neighbours are far from each other. */
function spreadLaw(): Law {
  let number = 0;
  return (atMs) => {
    const place = ((number++ * 617) % 1000) / 1000;
    return atMs + 1 + Math.max(0, place - 0.9) * 500;
  };
}

export function queueLaw(serviceMs: number): Law {
  let freeAt = 0;
  return (atMs) => {
    freeAt = Math.max(atMs, freeAt) + serviceMs;
    return freeAt;
  };
}

const answer = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok';

function serve(law: Law): void {
  const due = startThinking<Socket>();
  let sleeping: NodeJS.Timeout | undefined;
  let polling = false;
  const look = (): void => {
    polling = false;
    sleeping = undefined;
    const now = performance.now();
    while (due.readyAt() <= now) due.take().write(answer);
    const leftMs = due.readyAt() - now;
    if (leftMs === Number.POSITIVE_INFINITY) return;
    if (leftMs > 2) sleeping = setTimeout(look, Math.floor(leftMs - 1));
    else {
      polling = true;
      setImmediate(look);
    }
  };
  const server = createServer({ noDelay: true }, (socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', (chunk) => {
      // No pipelining, no bodies: every end of a head is a request.
      for (let at = chunk.indexOf('\r\n\r\n'); at >= 0; at = chunk.indexOf('\r\n\r\n', at + 4)) {
        due.add(socket, law(performance.now()));
      }
      // The first of them may be due before what it sleeps for.
      clearTimeout(sleeping);
      if (!polling) look();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.stdin.resume().on('end', () => process.exit());
}

const [, script, kind, serviceMs] = process.argv;
if (script?.includes('truth-server'))
  serve(kind === 'queue' ? queueLaw(Number(serviceMs)) : kind === 'spread' ? spreadLaw() : stallLaw());

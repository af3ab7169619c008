// A server of known law, in a process of its own: prints its address, ends with its stdin.
//   stall            10 ms each; from 2 s after the first request on, it stalls for 500 ms every 5 s
//   queue MS         one server with constant service time and an unbounded queue (M/D/1 under Poisson arrivals)
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

/** When a request that comes at a time is to be answered; never before an earlier one. In milliseconds. */
type Law = (atMs: number) => number;

function stallLaw(): Law {
  let first: number | undefined;
  return (atMs) => {
    first ??= atMs;
    const phase = (atMs - first + 3000) % 5000;
    return (phase < 500 ? atMs + 500 - phase : atMs) + 10;
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
  const due: { at: number; socket: Socket }[] = [];
  let next = 0;
  let sleeping: NodeJS.Timeout | undefined;
  let polling = false;
  const look = (): void => {
    polling = false;
    sleeping = undefined;
    const now = performance.now();
    while (next < due.length && (due[next] as { at: number }).at <= now) due[next++]?.socket.write(answer);
    if (next === due.length) {
      due.length = 0;
      next = 0;
      return;
    }
    const leftMs = (due[next] as { at: number }).at - now;
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
        due.push({ at: law(performance.now()), socket });
      }
      if (!polling && sleeping === undefined) look();
    });
  });
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.stdin.resume().on('end', () => process.exit());
}

const [, script, kind, serviceMs] = process.argv;
if (script?.includes('truth-server')) serve(kind === 'queue' ? queueLaw(Number(serviceMs)) : stallLaw());

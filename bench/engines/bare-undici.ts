// The shortest loop over undici that sends at a rate, a peer: `node bare-undici.ts URL RATE SECONDS` prints the p50 from dispatch to
// the end of the answer, and its rate. It measures from the moment it sends, as most do, and keeps nothing but these times.
import { performance } from 'node:perf_hooks';
import { Client } from 'undici';

const [origin, rate, seconds] = process.argv.slice(2);
if (origin) {
  const free = Array.from({ length: 64 }, () => new Client(origin, { pipelining: 1 }));
  const latenciesMs: number[] = [];
  const begin = performance.now();
  let sent = 0;
  const send = (client: Client): void => {
    const at = performance.now();
    client.dispatch(
      { path: '/', method: 'GET' },
      {
        onConnect: () => {},
        onHeaders: () => true,
        onData: () => true,
        onComplete: () => {
          latenciesMs.push(performance.now() - at);
          free.push(client);
        },
        onError: (error) => {
          throw error;
        },
      },
    );
  };
  const look = (): void => {
    const passedS = (performance.now() - begin) / 1000;
    if (passedS > Number(seconds)) {
      const sorted = latenciesMs.slice(Math.floor(latenciesMs.length / 2)).sort((a, b) => a - b);
      const p50Us = Math.round(1000 * (sorted[Math.floor(sorted.length / 2)] ?? Number.NaN));
      process.stdout.write(`${JSON.stringify({ p50Us, throughputPerS: latenciesMs.length / passedS })}\n`);
      process.exit();
    }
    for (; sent < passedS * Number(rate); sent++) {
      const client = free.shift();
      if (!client) break;
      send(client);
    }
    setImmediate(look);
  };
  look();
}

// A bare open loop over node:net, the mark of what one Node process can do: `node bare-open.ts PORT RATE SECONDS` sends GET / to
// 127.0.0.1:PORT, each request at its own moment, and prints its figures. It reads only whole answers of one fixed length.
import { connect, type Socket } from 'node:net';
import { performance } from 'node:perf_hooks';

type Free = { socket: Socket; dueMs: number };

const longestUs = 199_999;
const latencyUs = new Uint32Array(longestUs + 1);
const lagUs = new Uint32Array(longestUs + 1);
const free: Free[] = [];

function count(counts: Uint32Array, ms: number): void {
  const us = Math.min(longestUs, Math.round(ms * 1000));
  counts[us] = (counts[us] as number) + 1;
}

function open(port: number): Promise<unknown> {
  let length = -1;
  let got = 0;
  const callback = (size: number, buffer: Uint8Array): boolean => {
    if (length < 0) {
      const head = Buffer.from(buffer.subarray(0, size)).toString('latin1');
      length = head.indexOf('\r\n\r\n') + 4 + Number(/content-length: (\d+)/i.exec(head)?.[1]);
    }
    got += size;
    if (got >= length) {
      got -= length;
      count(latencyUs, performance.now() - connection.dueMs);
      free.push(connection);
    }
    return true;
  };
  const onread = { buffer: Buffer.allocUnsafe(16_384), callback };
  const connection = { socket: connect({ port, host: '127.0.0.1', noDelay: true, onread }), dueMs: 0 };
  return new Promise((ready) => connection.socket.on('connect', () => ready(free.push(connection))));
}

function quantile(counts: Uint32Array, share: number): number {
  const all = counts.reduce((a, b) => a + b, 0);
  let below = 0;
  return counts.findIndex((each) => {
    below += each;
    return below >= all * share;
  });
}

async function run(port: number, ratePerS: number, durationS: number): Promise<void> {
  for (let i = 0; i < 512; i++) await open(port);
  const request = Buffer.from(`GET / HTTP/1.1\r\nhost: 127.0.0.1:${port}\r\n\r\n`);
  const begin = performance.now() + 50;
  const before = process.cpuUsage();
  let sent = 0;
  let dropped = 0;
  const report = (): void => {
    const { user, system } = process.cpuUsage(before);
    const figures = {
      dropped,
      p50Us: quantile(latencyUs, 0.5),
      p99Us: quantile(latencyUs, 0.99),
      lagP99Us: quantile(lagUs, 0.99),
      answered: latencyUs.reduce((a, b) => a + b, 0),
      cpuUs: user + system,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`, () => process.exit());
  };
  const look = (): void => {
    const now = performance.now();
    for (let batch = 0; sent < ratePerS * durationS && batch < 32; ) {
      const dueMs = begin + (sent * 1000) / ratePerS;
      if (dueMs > now) break;
      sent++;
      const connection = free.pop();
      if (!connection) {
        dropped++;
        continue;
      }
      batch++;
      connection.dueMs = dueMs;
      count(lagUs, performance.now() - dueMs);
      connection.socket.write(request);
    }
    if (now - begin < durationS * 1000) setImmediate(look);
    else setTimeout(report, 300);
  };
  look();
}

const [, script, ...figures] = process.argv;
const [port, ratePerS, durationS] = figures.map(Number);
if (script?.includes('bare-open') && port && ratePerS && durationS) await run(port, ratePerS, durationS);

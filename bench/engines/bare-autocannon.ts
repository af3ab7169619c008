// Autocannon as its own users run it, in a process of its own: `node bare-autocannon.ts URL CONNECTIONS SECONDS` prints its count.
import autocannon from 'autocannon';

const [url, connections, seconds] = process.argv.slice(2);
if (url) {
  const result = await autocannon({ url, connections: Number(connections), duration: Number(seconds) });
  process.stdout.write(`${JSON.stringify({ throughputPerS: result.requests.total / result.duration })}\n`);
}

// A target that costs as little as a Node server can, in a process of its own: prints its address, ends with its stdin.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const server = createServer({ keepAliveTimeout: 60_000 }, (_, response) => {
  response.writeHead(302, { location: 'http://example.invalid/', 'content-length': '0' });
  response.end();
});
if (process.argv[1]?.includes('fixed-target')) {
  server.listen(0, '127.0.0.1', () => {
    process.stdout.write(`http://127.0.0.1:${(server.address() as AddressInfo).port}\n`);
  });
  process.stdin.resume().on('end', () => process.exit());
}

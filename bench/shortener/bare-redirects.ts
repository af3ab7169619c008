// A peer: bare node:http that answers a 302 from a Map, the fastest that one Node process does it.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const locations = new Map([['/go', 'http://google.com']]);
const server = createServer((req, res) => {
  const location = locations.get(req.url ?? '');
  res.writeHead(location ? 302 : 404, ['Location', location ?? '/', 'Content-Length', '0']);
  res.end();
});
server.listen(0, '127.0.0.1', () => console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));

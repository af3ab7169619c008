// What the engines are measured against: nginx with one worker on the last of two cores, plain and over TLS 1.3.
import { join } from 'node:path';
import { freePorts, startNginx } from '../../test/nginx.ts';
import { root, tempFolder } from '../program.ts';

/** `/page` sets a cookie and has a token; anything else says hello. */
export async function startSite(): Promise<{ plain: string; secure: string; stop(): Promise<void> }> {
  const [port, tlsPort] = await freePorts(2);
  const fixtures = join(root, 'loadtest/test/fixtures');
  const pages = `default_type text/plain;
      location /page { add_header Set-Cookie "sid=0123456789abcdef; Path=/; HttpOnly"; return 200 "token=0123456789abcdef"; }
      location / { return 200 "hello world"; }`;
  const site = `access_log off; keepalive_requests 1000000000; keepalive_timeout 600s;
    server { listen 127.0.0.1:${port} backlog=4096; ${pages} }
    server { listen 127.0.0.1:${tlsPort} ssl backlog=4096; ssl_protocols TLSv1.3; ${pages}
      ssl_certificate ${fixtures}/self-signed-cert.pem; ssl_certificate_key ${fixtures}/self-signed-key.pem; }`;
  const { stop } = await startNginx(tempFolder(), site, { workers: '1', cores: '1' });
  return { plain: `http://127.0.0.1:${port}`, secure: `https://127.0.0.1:${tlsPort}`, stop };
}

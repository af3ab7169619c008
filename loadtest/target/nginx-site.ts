// The project's own nginx site (deploy/nginx), for a folder and ports that need no root.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

type SitePlace = {
  /** Host and port of the app. */
  readonly app: string;
  readonly port: number;
  /** Of nginx's own counts (/nginx_status). */
  readonly statusPort: number;
  /** Existing; logs and temporary files go there. */
  readonly folder: string;
  readonly workers: number;
  /** The most that the load opens. */
  readonly connections: number;
};

/** In sources, and in the build, which has it beside its own folders. */
const siteFile = fileURLToPath(new URL('../../deploy/nginx/headroom.conf', import.meta.url));
/** More than this is of no use to the usual profiles, and takes memory. */
const fewestConnections = 4096;

/** nginx.conf with the site in it. */
export function nginxConfig(place: SitePlace, site: string = readFileSync(siteFile, 'utf8')): string {
  const { folder, workers, connections } = place;
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path "${join(folder, name)}";`,
  );
  return [
    // Started by root, nginx would change to a user who may not write into this folder.
    ...(process.getuid?.() === 0 ? ['user root;'] : []),
    `worker_processes ${workers};`,
    `pid "${join(folder, 'nginx.pid')}";`,
    `error_log "${join(folder, 'error.log')}";`,
    // A worker may get all of them, and has as many to the app.
    `events { worker_connections ${Math.max(fewestConnections, 2 * connections + 64)}; }`,
    'http {',
    // As in Debian's nginx.conf.
    'sendfile on; tcp_nopush on;',
    ...temporary,
    placeSite(site, place),
    '}',
  ].join('\n');
}

function placeSite(site: string, { app, port, statusPort, folder }: SitePlace): string {
  return (
    site
      .replaceAll('127.0.0.1:8000', app)
      // The release that is being checked on a box: here another program could have that port.
      .replace(/^.*127\.0\.0\.1:8001.*$/m, '')
      .replace(/listen 5000\b/, `listen 127.0.0.1:${port}`)
      .replace(/^.*listen \[::\]:5000.*$/m, '')
      .replaceAll('127.0.0.1:8081', `127.0.0.1:${statusPort}`)
      .replace(/(?<=_log )\/var\/log\/nginx\/([\w.]+)/g, (_, name: string) => `"${join(folder, name)}"`)
  );
}

// Commands in the guest, by ssh on one connection.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

export type Said = { readonly code: number; readonly out: string; readonly err: string };
/** Runs a script of bash as root; resolves whatever its exit code is (255: ssh's own failure). */
export type Shell = (script: string, limitS?: number) => Promise<Said>;

/** A set-up takes two minutes on an idle machine, and ten times as long on a busy one. */
const usualLimitS = 3600;

/** `folder`: where the socket of the shared connection lies. */
export function shellTo(port: number, key: string, folder: string): Shell {
  const options = {
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    BatchMode: 'yes',
    // An emulated CPU needs seconds for the keys.
    ConnectTimeout: '120',
    ServerAliveInterval: '20',
    ServerAliveCountMax: '6',
    ControlMaster: 'auto',
    ControlPath: join(folder, 'ssh'),
    ControlPersist: '5',
  };
  const flags = Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  return async (script, limitS = usualLimitS) => {
    const quoted = `'${script.replaceAll("'", `'\\''`)}'`;
    const child = spawn('ssh', [...flags, '-i', key, '-p', String(port), 'root@127.0.0.1', `bash -c ${quoted}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let [out, err] = ['', ''];
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    const late = setTimeout(() => child.kill(), limitS * 1000);
    // Not "close": the connection that stays open holds the pipes.
    const [code] = await once(child, 'exit');
    clearTimeout(late);
    return { code: code ?? 255, out: out.trim(), err: err.trim() };
  };
}

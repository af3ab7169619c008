// Programs that a bench starts: its servers, and its peers as their own users run them.
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

export type BenchServer = { readonly origin: string; stop(): Promise<void> };

/** Starts a server of bench/ in its own process; resolves with the address that it prints. */
export async function startServer(script: string, ...args: string[]): Promise<BenchServer> {
  const path = fileURLToPath(new URL(script, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', path, ...args], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return {
    origin: String(chunk).trim(),
    stop: async () => {
      const ended = once(child, 'exit');
      child.stdin?.end();
      await ended;
    },
  };
}

/** What a program prints on stdout; rejects when it fails, and says so when it is not installed. */
export async function output(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { maxBuffer: 10_000_000 });
  return stdout;
}

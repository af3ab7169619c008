// What stands for Jenkins: deploy/jenkins/test, in a Java process.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './clone.ts';

export const groovyc = ['/usr/bin/groovyc', '/usr/local/bin/groovyc'].find((path) => existsSync(path));

/** Debian's groovy needs to be told where its Java is. */
function findJava(): string {
  const candidates = ['/usr/lib/jvm/default-java', '/usr/bin/java']
    .filter((path) => existsSync(path))
    .map((path) => realpathSync(path));
  const [java = ''] = candidates;
  return java.endsWith('/bin/java') ? dirname(dirname(java)) : java;
}

function groovyFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.groovy'))
    .map((name) => join(folder, name));
}

/** One Java process that executes builds, one after the other; it is compiled into the folder `classes`. */
export function startJenkins(classes: string) {
  const javaHome = findJava();
  const files = groovyFiles(join(root, 'deploy', 'jenkins', 'test'));
  execFileSync(groovyc ?? 'groovyc', ['-d', classes, ...files], { env: { ...process.env, JAVA_HOME: javaHome } });
  const flags = ['-XX:TieredStopAtLevel=1', '-cp', `${classes}:/usr/share/groovy/lib/*`];
  const child = spawn(join(javaHome, 'bin', 'java'), [...flags, 'Build'], { stdio: ['pipe', 'pipe', 'pipe'] });
  const said = ended(child);
  const done = createInterface(child.stdout);
  return {
    async build(file: string): Promise<void> {
      child.stdin.write(`${file}\n`);
      const died = said.then((log) => {
        throw new Error(`Jenkins died: ${log}`);
      });
      await Promise.race([once(done, 'line'), died]);
    },
    async stop(): Promise<void> {
      child.stdin.end();
      await said;
    },
  };
}

/** Everything that it said, when it has ended. */
export async function ended(child: ChildProcess): Promise<string> {
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk) => {
      log += chunk;
    });
  // What it started may hold its output open.
  await once(child, 'exit');
  return log;
}

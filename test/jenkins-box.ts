// A box like the one that Jenkins deploys to, on loopback: a clone as its workspace, a real nginx, and in the place of Jenkins
// deploy/jenkins/test, which executes the real Jenkinsfile.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isBuilt } from '../is-built.js';
import { cloneHere, root } from './clone.ts';
import { ended, groovyc, startJenkins } from './jenkins-process.ts';
import { freePorts, nginxProgram, startNginx } from './nginx.ts';

/** Whether this machine can play the box. */
export const boxIsThere = nginxProgram !== undefined && groovyc !== undefined;

type Event = { readonly step: string; readonly [key: string]: unknown };
export type Build = {
  readonly result: string;
  readonly description: string | null;
  readonly stages: readonly { readonly name: string; readonly status: string; readonly durationS?: number }[];
  readonly events: readonly Event[];
  readonly leftBehind: readonly string[];
  readonly abortPrevious?: boolean;
  readonly returned?: number;
  readonly number: number;
  /** What Jenkins would keep: archive/, html/. */
  readonly out: string;
  readonly log: string;
};

export type BuildOptions = {
  readonly branch?: string;
  readonly changeId?: string;
  readonly parameters?: Readonly<Record<string, string | boolean>>;
  readonly credentials?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** Steps that hold this text run that instead. */
  readonly replace?: readonly (readonly [text: string, line: string])[];
  /** Stages whose time is up as soon as a run has a file of this name with content. */
  readonly lastFiles?: Readonly<Record<string, string>>;
  /** Steps whose plugin is not installed. */
  readonly missing?: readonly string[];
  /** Steps that the job has no permission for. */
  readonly refused?: readonly string[];
  /** The step of the shared library that is called in place of the Jenkinsfile, with these arguments. */
  readonly step?: Readonly<Record<string, unknown>>;
  /** Numbers of the earlier builds of this branch (none). */
  readonly earlier?: readonly number[];
  /** A workspace of its own, as on another agent or after a clean-up: copied from the box's, without its runs. */
  readonly elsewhere?: string;
  /** Folders of the agents with the label `loadgen`. */
  readonly agents?: readonly string[];
};

export type Box = Awaited<ReturnType<typeof startBox>>;

/** The build that `npm test` has made of the same sources, in the place of a second one. */
export const ownBuild: NonNullable<BuildOptions['replace']> = isBuilt()
  ? [['npm run -s build', `cp -r ${join(root, 'dist')} .`]]
  : [];

/** Steps that have been done by an earlier build of the same clone. */
export const built: NonNullable<BuildOptions['replace']> = [
  ['npm run -s build', 'true'],
  ['npm test', 'true'],
  ['HEADROOM_NPM_CI', 'test -d node_modules || $HEADROOM_NPM_CI'],
];

export async function startBox() {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-box-'));
  const [port, nextPort, sitePort, statusPort] = await freePorts(4);
  const workspace = join(folder, 'workspace');
  cloneHere(workspace);
  const jenkins = startJenkins(join(folder, 'classes'));
  writeFileSync(join(folder, 'site.conf'), '');
  const nginx = await startNginx(folder, `include ${folder}/site.conf;`, { workers: '1' });
  const npmCi = join(folder, 'npm-ci');
  // `npm ci` of the same lock file, without the network: the packages that run this test. A release gets its own copy of them.
  writeFileSync(npmCi, `#!/bin/sh\nln -sfn ${realpathSync(join(root, 'node_modules'))} node_modules\n`, {
    mode: 0o755,
  });
  const environment: Record<string, string> = {
    HEADROOM_ROOT: join(folder, 'srv'),
    HEADROOM_PORT: String(port),
    HEADROOM_NEXT_PORT: String(nextPort),
    HEADROOM_WORKERS: '2',
    HEADROOM_NO_SYSTEMD: '1',
    HEADROOM_SITE: join(folder, 'site.conf'),
    HEADROOM_SITE_PORT: String(sitePort),
    HEADROOM_STATUS_PORT: String(statusPort),
    HEADROOM_SITE_URL: `http://127.0.0.1:${sitePort}/`,
    HEADROOM_SITE_LOGS: `${folder}/`,
    HEADROOM_NGINX: `${nginxProgram} ${nginx.flags.join(' ')}`,
    HEADROOM_NPM_CI: npmCi,
    HEADROOM_TESTS: 'model/test/threshold',
    HEADROOM_START_IN_S: '20',
    HEADROOM_START_S: '100',
  };
  // Jest's own options are not for the programs that it tests, and neither are those of npm that runs it.
  const clean = Object.keys(process.env).filter((name) => /^(NODE_OPTIONS|JEST_|npm_|DD_|CI$)/.test(name));
  let number = 0;

  async function build(options: BuildOptions = {}): Promise<Build> {
    number++;
    const out = join(folder, `build-${number}`);
    const agents = options.agents ?? [];
    for (const agent of agents) mkdirSync(agent, { recursive: true });
    if (options.elsewhere && !existsSync(options.elsewhere)) copyWithoutRuns(workspace, options.elsewhere);
    const earlier = (options.earlier ?? []).map((each) => [String(each), join(folder, `build-${each}`)]);
    const config = {
      workspace: options.elsewhere ?? workspace,
      earlier: Object.fromEntries(earlier),
      out,
      agents,
      agentLabel: 'loadgen',
      branch: options.branch ?? 'main',
      ...(options.changeId && { changeId: options.changeId }),
      buildNumber: number,
      jobName: 'headroom',
      parameters: { TARGET: environment.HEADROOM_SITE_URL, ...options.parameters },
      credentials: options.credentials ?? {},
      environment: { ...environment, ...options.environment },
      cleanEnv: clean,
      replace: (options.replace ?? []).map(([match, line]) => ({ match, with: line })),
      lastFiles: options.lastFiles ?? {},
      missing: options.missing ?? [],
      refused: options.refused ?? [],
      ...(options.step && { step: { file: join(root, 'deploy/jenkins/vars/headroom.groovy'), given: options.step } }),
    };
    const file = join(folder, `build-${number}.json`);
    writeFileSync(file, JSON.stringify(config));
    await jenkins.build(file);
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8'));
    if (result.refused) throw new Error(result.refused);
    return { ...result, number, out, log: readFileSync(join(out, 'log'), 'utf8') };
  }

  /** A script of deploy/ in the workspace, by hand. */
  async function script(name: string, args: readonly string[] = [], more: Record<string, string> = {}) {
    const env: NodeJS.ProcessEnv = { ...process.env, ...environment, ...more };
    for (const variable of clean) delete env[variable];
    const child = spawn(join(workspace, 'deploy', name), args, { cwd: workspace, env });
    const log = await ended(child);
    return { code: child.exitCode, log };
  }

  return {
    folder,
    workspace,
    environment,
    site: `http://127.0.0.1:${sitePort}`,
    port,
    build,
    script,
    current: () => realpathSync(join(folder, 'srv', 'current')),
    async close(): Promise<void> {
      await script('stop.sh');
      await jenkins.stop();
      await nginx.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Without the packages too: a build links them. */
function copyWithoutRuns(from: string, to: string): void {
  cpSync(from, to, { recursive: true, filter: (path) => !/\/(runs|node_modules|\.git)$/.test(path) });
}

// What the GitHub action and the GitLab include do: their scripts are run for real.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { root } from './clone.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'headroom-ci-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Step = { id?: string; run?: string; uses?: string; shell?: string; if?: string; env?: Record<string, string> };
const action: { inputs: Record<string, object>; runs: { using: string; steps: Step[] } } = parse(
  readFileSync(join(root, 'action.yml'), 'utf8'),
);
const gitlab: { '.headroom': { script: string[]; allow_failure: object; artifacts: { reports: object } } } = parse(
  readFileSync(join(root, 'ci', 'gitlab.yml'), 'utf8'),
);

const report = '{"judged":{"verdict":"no-verdict","headline":{"text":"p99 < 1 ms"}}}';

/** A headroom that ends with `code`, after leaving a run with a report; `compare` is what a comparison ends with. */
function stub(code: number, compare = 0): string {
  const program = join(folder, 'headroom');
  writeFileSync(
    program,
    `#!/usr/bin/env bash
printf '%s\\n' "$#: $*" >>calls
case $1 in
  stress) mkdir -p runs/r1/report && echo '{}' >runs/r1/run.json && printf '## PASS\\n<sub>Report: index.html beside this file. Run r1</sub>\\n' >runs/r1/report/report.md && echo '${report}' >runs/r1/report/report.json; exit ${code} ;;
  report) if [ "$3" = "--baseline=main" ]; then mkdir -p runs/last/comparison; echo '## SAME' >runs/last/comparison/report.md; exit ${compare}; fi ;;
esac
`,
  );
  chmodSync(program, 0o755);
  return program;
}

/** How the summary says where the page is. */
const place = "<sub>Report: index.html in this job's artifacts. Run r1</sub>\n";

/** The action's own script for a step, as a runner executes it. */
function runAction(headroom: string, environment: Record<string, string> = {}) {
  const step = action.runs.steps.find(({ id }) => id === 'run');
  const [output, summary] = [join(folder, 'output'), join(folder, 'summary')];
  const { status, stdout } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      GITHUB_ACTION_PATH: root,
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      HEADROOM: headroom,
      UNSTABLE: 'fail',
      ...environment,
    },
  });
  const read = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8') : '');
  return { status, stdout, output: read(output), summary: read(summary), calls: read(join(folder, 'calls')) };
}

describe('the GitHub action', () => {
  test('gives each line of flags as one word, and publishes the summary', () => {
    const ended = runAction(stub(0), {
      HEADROOM_FLAGS: '--target\nhttp://127.0.0.1:3000/?a=b c\n\n--threshold\nlatency.p99 < $(id)\n',
    });
    expect(ended.calls).toBe(
      '7: stress --target http://127.0.0.1:3000/?a=b c --threshold latency.p99 < $(id) --out runs\n',
    );
    expect(ended).toMatchObject({ status: 0, summary: `## PASS\n${place}` });
    expect(ended.output).toContain('exit-code=0\n');
  });

  test.each([
    [2, 'fail', 2, ''],
    [3, 'fail', 3, '::error title=headroom::a threshold failed, or the run is worse than the baseline\n'],
    [4, 'fail', 4, '::error title=headroom::no verdict\n'],
    [3, 'warn', 0, '::warning title=headroom::a threshold failed, or the run is worse than the baseline\n'],
    [4, 'warn', 0, '::warning title=headroom::no verdict\n'],
    [1, 'warn', 1, ''],
  ])('exit code %i with unstable: %s ends the step with %i', (code, unstable, status, stdout) => {
    expect(runAction(stub(code), { UNSTABLE: unstable })).toMatchObject({ status, stdout });
  });

  test('compares with the pinned baseline, and pins what is not worse', () => {
    mkdirSync(join(folder, 'runs'));
    writeFileSync(join(folder, 'runs', 'baselines.json'), '{\n "main": "r0"\n}\n');
    const better = runAction(stub(0, 4), { BASELINE: 'main', PIN: 'true' });
    expect(better).toMatchObject({ status: 0, summary: `## PASS\n${place}## SAME\n` });
    expect(better.calls).toContain('report runs/r1 --pin=main --quiet\n');
    rmSync(join(folder, 'calls'));
    const worse = runAction(stub(0, 3), { BASELINE: 'main', PIN: 'true' });
    expect(worse.status).toBe(3);
    expect(worse.calls).not.toContain('--pin');
  });

  test('a flag that only prints ends the step with an error, because there is no run', () => {
    const program = join(folder, 'prints');
    writeFileSync(program, '#!/bin/sh\necho 1.0.0\n', { mode: 0o755 });
    const ended = runAction(program, { HEADROOM_FLAGS: '--version' });
    expect(ended.status).toBe(2);
    expect(ended.output).toContain('exit-code=2\n');
  });

  test('the words of the command may stand on a line each, so that a path may have blanks', () => {
    const program = join(folder, 'a path', 'headroom');
    mkdirSync(join(folder, 'a path'));
    renameSync(stub(0), program);
    expect(runAction(`bash\n${program}\n`, { HEADROOM_FLAGS: '--target\nx' }).calls).toBe(
      '5: stress --target x --out runs\n',
    );
    expect(
      action.runs.steps
        .find(({ id }) => id === 'run')
        ?.env?.HEADROOM?.trimEnd()
        .split('\n'),
    ).toHaveLength(3);
  });

  test('the jobs of a matrix have names of their own for artifact, comment and cache', () => {
    const step = action.runs.steps.find(({ id }) => id === 'job');
    const nameOf = (environment: Record<string, string>) => {
      const output = join(folder, 'output');
      rmSync(output, { force: true });
      const env = { PATH: process.env.PATH ?? '', GITHUB_OUTPUT: output, JOB: 'load', ...environment };
      spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step?.run ?? ''], { env });
      return readFileSync(output, 'utf8');
    };
    expect(nameOf({ INDEX: '0', TOTAL: '1' })).toBe('name=load\n');
    expect(nameOf({ INDEX: '', TOTAL: '' })).toBe('name=load\n');
    expect(nameOf({ INDEX: '0', TOTAL: '3' })).toBe('name=load-0\n');
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    const named = text.match(/^ +(name|COMMENT_ID|key|restore-keys): .*/gm) ?? [];
    expect(named).toHaveLength(5);
    for (const line of named) expect(line).toContain('{ steps.job.outputs.name }');
    expect(text.match(/github\.job\b/g)).toHaveLength(1);
  });

  test('every expression names an input or a context, and every step of its own has a shell', () => {
    const text = readFileSync(join(root, 'action.yml'), 'utf8');
    const named = [...text.matchAll(/inputs\.([a-z-]+)/g)].map(([, name = '']) => name);
    expect([...new Set(named)].filter((name) => !(name in action.inputs))).toEqual([]);
    expect(Object.keys(action.inputs).filter((name) => !named.includes(name))).toEqual([]);
    expect(action.runs.using).toBe('composite');
    for (const { run, uses, shell } of action.runs.steps)
      expect([run !== undefined, uses !== undefined]).toEqual([shell !== undefined, shell === undefined]);
    // Text from outside reaches a script by its environment alone.
    expect(action.runs.steps.filter(({ run }) => run?.includes('${{'))).toEqual([]);
  });
});

test('the GitLab include allows the two codes of Jenkins’ unstable, and publishes what the run leaves', () => {
  const { script, allow_failure, artifacts } = gitlab['.headroom'];
  expect(allow_failure).toEqual({ exit_codes: [3, 4] });
  expect(artifacts.reports).toEqual({
    junit: 'runs/last/junit.xml',
    load_performance: 'runs/last/load-performance.json',
  });
  mkdirSync(join(folder, 'node_modules'));
  spawnSync('ln', ['-s', root, join(folder, 'node_modules', 'headroom-bench')]);
  const { status, stderr } = spawnSync('bash', ['-eo', 'pipefail', '-c', script.join('\n')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: process.env.PATH ?? '',
      HEADROOM: stub(4),
      CI_COMMIT_BRANCH: 'main',
      CI_DEFAULT_BRANCH: 'main',
      BASELINE: 'main',
    },
  });
  expect(status).toBe(4);
  expect(readFileSync(join(folder, 'runs', 'last', 'summary.md'), 'utf8')).toBe(
    `## PASS\n${place}\nbaseline main: none here, not compared\n`,
  );
  expect(stderr).toContain('baseline main: none here, not compared\n');
  // For what shows text, without what Markdown escapes.
  expect(readFileSync(join(folder, 'runs', 'last', 'verdict.txt'), 'utf8')).toBe('NO VERDICT: p99 < 1 ms\n');
});

test.each(['SIGTERM', 'SIGINT'] as const)(
  '%s to the script ends the run, and what it has is published',
  async (signal) => {
    const program = join(folder, 'headroom');
    writeFileSync(
      program,
      `#!/usr/bin/env bash
sleep 60 &
trap 'kill $!; mkdir -p runs/r1/report; echo {} >runs/r1/run.json; echo "## PARTIAL" >runs/r1/report/report.md; echo "{\\"judged\\":{\\"verdict\\":\\"fail\\",\\"headline\\":{\\"text\\":\\"x\\"}}}" >runs/r1/report/report.json; exit 143' TERM
echo "$*" >>calls
wait
`,
      { mode: 0o755 },
    );
    const child = spawn(join(root, 'ci', 'run.sh'), {
      cwd: folder,
      env: { PATH: process.env.PATH, HEADROOM: program, BASELINE: 'main', PIN: 'true' },
      stdio: 'ignore',
    });
    const ended = once(child, 'close');
    while (!existsSync(join(folder, 'calls'))) await sleep(20);
    child.kill(signal);
    expect(await ended).toEqual([143, null]);
    expect(readFileSync(join(folder, 'runs', 'last', 'summary.md'), 'utf8')).toBe('## PARTIAL\n');
    // No comparison with a part of a run, and no pin.
    expect(readFileSync(join(folder, 'calls'), 'utf8')).toBe('stress --out runs\n');
  },
);

describe('the comment', () => {
  type Comment = { id: number; body: string };
  /** GitHub and GitLab as far as comments go. */
  async function withServer(use: (url: string, comments: Comment[], asked: string[]) => Promise<void>): Promise<void> {
    const comments: Comment[] = Array.from({ length: 100 }, (_, id) => ({ id, body: 'of somebody else' }));
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      let text = '';
      for await (const chunk of request) text += chunk;
      const url = new URL(request.url ?? '/', 'http://127.0.0.1');
      asked.push(
        `${request.method} ${url.pathname} ${request.headers.authorization ?? request.headers['private-token']}`,
      );
      if (`${asked.at(-1)}`.endsWith('refused')) response.statusCode = 403;
      const page = Number(url.searchParams.get('page'));
      const id = Number(url.pathname.split('/').at(-1));
      const body = text === '' ? '' : (JSON.parse(text) as Comment).body;
      if (request.method === 'POST') comments.push({ id: comments.length, body });
      if (request.method === 'PATCH' || request.method === 'PUT') comments[id] = { id, body };
      response.end(JSON.stringify(request.method === 'GET' ? comments.slice((page - 1) * 100, page * 100) : {}));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, comments, asked);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  async function comment(text: string, environment: Record<string, string>): Promise<string> {
    writeFileSync(join(folder, 'summary.md'), text);
    const child = spawn(process.execPath, [join(root, 'ci', 'comment.mjs'), 'summary.md'], {
      cwd: folder,
      env: environment,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk) => {
      said += chunk;
    });
    await once(child, 'close');
    return said;
  }

  test.each([
    [
      'GitHub',
      (url: string) => ({
        PULL_REQUEST: '7',
        GITHUB_API_URL: url,
        GITHUB_REPOSITORY: 'me/app',
        GITHUB_TOKEN: 'placeholder',
      }),
    ],
    [
      'GitLab',
      (url: string) => ({
        CI_MERGE_REQUEST_IID: '7',
        CI_API_V4_URL: url,
        CI_PROJECT_ID: '3',
        GITLAB_TOKEN: 'placeholder',
      }),
    ],
  ])('is written once on %s, behind a page of others, and replaced by later runs', async (_where, environment) => {
    await withServer(async (url, comments, asked) => {
      expect(await comment('## FAIL', environment(url))).toBe('headroom: wrote the comment\n');
      expect(await comment('## PASS', environment(url))).toBe('headroom: updated the comment\n');
      expect(comments.slice(100)).toEqual([{ id: 100, body: '<!-- headroom  -->\n## PASS' }]);
      expect(await comment('## OTHER', { ...environment(url), CI_JOB_NAME: 'soak 1/2' })).toBe(
        'headroom: wrote the comment\n',
      );
      expect(comments.slice(101)).toEqual([{ id: 101, body: '<!-- headroom soak 1/2 -->\n## OTHER' }]);
      expect(asked.every((each) => each.endsWith('placeholder'))).toBe(true);
    });
  });

  test('a token that may not comment, and a push without a pull request, fail nothing', async () => {
    await withServer(async (url) => {
      const environment = {
        PULL_REQUEST: '7',
        GITHUB_API_URL: url,
        GITHUB_REPOSITORY: 'me/app',
        GITHUB_TOKEN: 'refused',
      };
      expect(await comment('x', environment)).toMatch(/^headroom: no comment: GET .* answered 403\n$/);
    });
    expect(await comment('x', {})).toBe('headroom: this is no pull or merge request: no comment\n');
  });
});

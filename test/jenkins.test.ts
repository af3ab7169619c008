// The real Jenkinsfile, executed by deploy/jenkins/test: its `sh` steps run for real, in a clone, behind a real nginx.
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { keys, startFakeDatadog } from '../monitors/test/fake-datadog/server.ts';
import { fixture } from '../reports/test/fixture.ts';
import { untilVerdict } from './headroom.ts';
import { type Box, type Build, type BuildOptions, boxIsThere, built, ownBuild, startBox } from './jenkins-box.ts';
import { startLoad } from './steady-load.ts';

const onBox = boxIsThere || process.env.CI ? describe : describe.skip;
const stages = ['Build', 'Test', 'Clean', 'Deploy', 'Monitors', 'Stress', 'Report'];

const statusOf = (build: Build): Record<string, string> =>
  Object.fromEntries(build.stages.map(({ name, status }) => [name, status]));
const lines = (build: Build): string[] =>
  build.events.filter(({ step }) => step === 'sh').map(({ script }) => String(script));
const events = (build: Build, step: string) => build.events.filter((event) => event.step === step);
const codeOf = (build: Build, text: string): unknown =>
  build.events.find(({ step, script }) => step === 'sh' && String(script).includes(text))?.code;
const answer = async (url: string): Promise<number> => (await fetch(url, { redirect: 'manual' })).status;

onBox('the Jenkinsfile (needs groovy and nginx)', () => {
  let box: Box;
  beforeAll(async () => {
    box = await startBox();
  });
  afterAll(async () => {
    await box?.close();
  });

  test('brings a push to the main branch to its published verdict', async () => {
    const fake = await startFakeDatadog();
    const build = await box.build({
      // Latency would tell of the machine that runs the tests.
      parameters: {
        PROFILE: 'smoke',
        THRESHOLDS: 'errors.rate < 1%',
        MONITOR_HOST: 'i-0abc',
        NOTIFY: '@ops@example.com @slack-ops',
      },
      credentials: { 'datadog-api-key': keys.apiKey, 'datadog-app-key': keys.appKey },
      environment: { DD_API_URL: fake.url, DD_SITE: '' },
      replace: ownBuild,
    });
    await fake.close();
    // A failure says where.
    expect(build.result === 'FAILURE' ? build.log : '').toBe('');
    expect(build.stages.map(({ name }) => name)).toEqual(stages);
    expect(lines(build)).toEqual([
      'deploy/stress-stage.sh clear',
      expect.stringContaining('npm ci'),
      'npm run -s build',
      expect.stringContaining('npm test'),
      'deploy/stop.sh next',
      'deploy/release.sh',
      'deploy/monitors-stage.sh',
      'deploy/stress-stage.sh run',
      'deploy/stress-stage.sh report',
      'deploy/stress-stage.sh report',
    ]);
    // On a busy machine the run may be inconclusive; the build then says what its report says.
    const report = JSON.parse(
      readFileSync(join(build.out, 'archive', 'runs', 'last', 'report', 'report.json'), 'utf8'),
    );
    expect(codeOf(build, 'stress-stage.sh run')).toBe(report.judged.exitCode);
    const result = report.judged.exitCode === 0 ? 'SUCCESS' : 'UNSTABLE';
    expect(statusOf(build)).toEqual({ ...Object.fromEntries(stages.map((name) => [name, 'SUCCESS'])), Stress: result });
    expect(build.result).toBe(result);
    expect(build.abortPrevious).toBe(false);

    expect(await answer(`${box.site}/go`)).toBe(302);
    expect(build.leftBehind).toEqual([]);
    expect(fake.monitors.stored.size).toBeGreaterThan(5);
    expect(build.log).not.toContain(keys.apiKey);

    const [tests, thresholds] = events(build, 'junit') as unknown as {
      files: string[];
      tests: number;
      failed: number;
    }[];
    expect(tests).toMatchObject({ files: ['test-results/junit.xml'], failed: 0 });
    expect(tests?.tests).toBeGreaterThan(10);
    expect(thresholds).toMatchObject({ files: ['runs/last/report/junit.xml'], tests: 2 });
    expect(readFileSync(join(build.out, 'html', 'headroom', 'index.html'), 'utf8')).toContain('</html>');
    const { verdict, headline } = report.judged;
    expect(build.description).toBe(`${verdict.replace('-', ' ').toUpperCase()}: ${headline.text}`);
    const [archived] = events(build, 'archiveArtifacts');
    expect(archived?.files).toEqual(
      expect.arrayContaining(
        ['run.json', 'seconds.jsonl', 'observed.json', 'verdict.txt', 'report/report.json', 'report/report.md'].map(
          (name) => `runs/last/${name}`,
        ),
      ),
    );
    // Deploy and stress take turns on the box with those of other branches.
    expect(events(build, 'lock').map(({ resource }) => resource)).toEqual(['headroom-box', 'headroom-box']);
  }, 400_000);

  test('a second release takes over under load without a failed request', async () => {
    const first = box.current();
    const load = startLoad(box.site);
    const deployed = await box.script('release.sh');
    const { answered, failed } = await load.stop();
    expect(deployed).toMatchObject({ code: 0 });
    expect(failed).toEqual([]);
    expect(answered).toBeGreaterThan(200);
    expect(box.current()).not.toBe(first);
  });

  test('three agents send their shards beside each other from one instant, and the build merges them', async () => {
    // Each recorded shard waits for the other two.
    const began = join(box.folder, 'shard-began');
    const shard = `mkdir -p runs/shards/$$ && touch runs/shards/$$/run.json ${began}-$$; while test $(ls ${began}-* | wc -l) -lt 3; do sleep 0.1; done`;
    const build = await box.build({
      parameters: { LOAD_AGENTS: '3' },
      agents: [1, 2, 3].map((number) => join(box.folder, `agent-${number}`)),
      replace: [
        ['HEADROOM_NPM_CI', 'true'],
        ...built,
        ['deploy/release.sh', 'true'],
        ['stress-stage.sh shard', shard],
        ['stress-stage.sh merge', 'test $(ls runs/shards | wc -l) -eq 3'],
      ],
    });
    expect(events(build, 'echo')[0]?.text).toContain(
      "Skipping Datadog: Could not find credentials entry with ID 'datadog-api-key'",
    );
    expect(statusOf(build)).toMatchObject({ Monitors: 'SUCCESS', Stress: 'SUCCESS' });
    const nodes = events(build, 'node').map(({ folder }) => folder);
    expect(nodes.sort()).toEqual(['agent-1', 'agent-2', 'agent-3']);
    const shards = lines(build)
      .filter((line) => line.includes('stress-stage.sh shard'))
      .map((line) => line.split(' ').slice(2));
    expect(shards.map(([index, count]) => `${index}/${count}`).sort()).toEqual(['1/3', '2/3', '3/3']);
    expect(new Set(shards.map(([, , startAt]) => startAt)).size).toBe(1);
    expect(codeOf(build, 'stress-stage.sh merge 3')).toBe(0);
  });

  test('a release that does not start is not deployed: the old one answers on, and the build fails', async () => {
    const server = join(box.workspace, 'dist', 'app', 'server.js');
    const whole = readFileSync(server, 'utf8');
    const good = box.current();
    writeFileSync(server, 'throw new Error("broken");\n');
    const load = startLoad(box.site);
    const build = await box.build({ replace: [...built, ['deploy/stress-stage.sh run', 'true']] });
    const { failed } = await load.stop();
    writeFileSync(server, whole);
    expect(build.result).toBe('FAILURE');
    expect(statusOf(build)).toMatchObject({
      Clean: 'SUCCESS',
      Deploy: 'FAILURE',
      Monitors: 'SKIPPED',
      Stress: 'SKIPPED',
      Report: 'SKIPPED',
    });
    expect(build.log).toContain('failed its check and was not deployed');
    expect(build.events.at(-1)?.text).toBe('No report to publish: there was no run.');
    expect(build.description).toBeNull();
    expect(failed).toEqual([]);
    expect(box.current()).toBe(good);
  });

  test('a pull request is measured briefly and by itself, and not deployed', async () => {
    const good = box.current();
    // In the place of node: shows how headroom is started, and leaves a recorded run without a verdict.
    const bin = join(box.folder, 'bin');
    mkdirSync(bin);
    const run = 'runs/history/recorded';
    const record = `#!/bin/sh\necho "$@"\ncp -r ${fixture('target-died')} ${run}\ntouch ${run}/run.json\nexit 4\n`;
    writeFileSync(join(bin, 'node'), record, { mode: 0o755 });
    const build = await box.build({
      branch: 'PR-7',
      changeId: '7',
      parameters: { PROFILE: 'stress', THRESHOLDS: 'errors.rate < 1%\nthroughput >= 10/s' },
      replace: [...built, ['stress-stage.sh run', `PATH=${bin}:$PATH deploy/stress-stage.sh run`]],
    });
    expect(statusOf(build)).toMatchObject({
      Test: 'SUCCESS',
      Clean: 'SKIPPED',
      Deploy: 'SKIPPED',
      Monitors: 'SKIPPED',
      Report: 'SUCCESS',
    });
    expect(box.current()).toBe(good);
    expect(build.abortPrevious).toBe(true);
    const thresholds = '--threshold=errors.rate < 1% --threshold=throughput >= 10/s';
    expect(build.log).toContain(
      `dist/cli.js stress --profile=smoke --name=branch-PR-7 ${thresholds} --out runs/history`,
    );
    expect(build).toMatchObject({ result: 'UNSTABLE', description: expect.stringMatching(/^NO VERDICT/) });
  });

  test('a stress run that takes too long is stopped, and what there is of it is published', async () => {
    const build = await box.build({
      parameters: { PROFILE: 'load' },
      replace: [...built, ['deploy/release.sh', 'true'], ['deploy/stop.sh', 'true']],
      lastFiles: { Stress: 'seconds.jsonl' },
    });
    expect(build).toMatchObject({ result: 'ABORTED', description: expect.stringMatching(/^NO VERDICT/) });
    expect(statusOf(build)).toMatchObject({ Stress: 'ABORTED', Report: 'SKIPPED' });
    expect(readFileSync(join(build.out, 'html', 'headroom', 'index.html'), 'utf8')).toMatch(/This run was interrupted/);
    expect(await answer(`${box.site}/go`)).toBe(302);
  });

  test.each([
    [3, 'UNSTABLE', 'A threshold failed, or the run is worse than the last green one.'],
    [4, 'UNSTABLE', 'No verdict.'],
    [1, 'FAILURE', undefined],
  ])('stress that ends with exit %i makes the build %s', async (code, result, why) => {
    // In a drill, stress gets the keys of Datadog if there are any, and else goes without it.
    const keyed = code === 3;
    const build = await box.build({
      parameters: { DRILL: true },
      credentials: keyed ? { 'datadog-api-key': keys.apiKey, 'datadog-app-key': keys.appKey } : {},
      replace: [
        [
          'stress-stage.sh run',
          `test "$DRILL-\${DD_API_KEY:+key}" = true-${keyed ? 'key' : ''} && exit ${code}; exit 99`,
        ],
        ['stress-stage.sh clear', 'deploy/stress-stage.sh clear'],
        ['', 'true'],
      ],
    });
    expect(build.result).toBe(result);
    expect(statusOf(build)).toMatchObject({ Stress: result, Report: 'SUCCESS' });
    expect(events(build, 'unstable')[0]?.text).toBe(why);
  });

  test('runs of earlier builds come back from the archive to a workspace that lacks them', async () => {
    const record = (name: string) =>
      `mkdir -p runs/history && cp -r ${fixture('target-died')} runs/history/${name} && touch runs/history/${name}/run.json && echo '{"stress":"${name}"}' >runs/history/baselines.json`;
    const skipped: NonNullable<BuildOptions['replace']> = [...built, ['deploy/release.sh', 'true'], ['deploy/stop.sh', 'true']]; // biome-ignore format: short
    const first = await box.build({
      replace: [...skipped, ['stress-stage.sh run', record('20260101-000000-build-1')]],
    });
    const second = await box.build({
      elsewhere: join(box.folder, 'other-agent'),
      earlier: [first.number],
      replace: [...skipped, ['stress-stage.sh run', record('20260102-000000-build-2')]],
    });
    expect(events(second, 'copyArtifacts')).toMatchObject([{ from: String(first.number) }]);
    const history = join(box.folder, 'other-agent', 'runs', 'history');
    expect(readdirSync(history).sort()).toEqual(['20260101-000000-build-1', '20260102-000000-build-2', 'baselines.json']); // biome-ignore format: short
    expect(second.log).toContain('restored 20260101-000000-build-1');
    const without = await box.build({
      elsewhere: join(box.folder, 'third-agent'),
      earlier: [first.number],
      missing: ['copyArtifacts'],
      replace: [...skipped, ['stress-stage.sh run', 'exit 4']],
    });
    expect(without.log).toContain('WARNING: the Jenkins plugin copyartifact is not installed');
    expect(without.result).toBe('UNSTABLE');
    const refused = await box.build({
      elsewhere: join(box.folder, 'fourth-agent'),
      earlier: [first.number],
      refused: ['copyArtifacts'],
      replace: [...skipped, ['stress-stage.sh run', 'exit 4']],
    });
    expect(refused.log).toContain('WARNING: the runs of earlier builds were not copied (Unable to find project');
    expect(codeOf(refused, 'stress-stage.sh run')).toBe(4);
    expect(refused.result).toBe('UNSTABLE');
  });

  test('the step of the shared library measures, publishes and judges in the pipeline of another repository', async () => {
    const elsewhere = join(box.folder, 'other-repository');
    const home = box.workspace;
    const app = createServer((_, answer) => answer.end('ok'));
    await new Promise<void>((resolve) => app.listen(0, '127.0.0.1', resolve));
    const target = `http://127.0.0.1:${(app.address() as AddressInfo).port}/`;
    const load = ['--connections', '2', '--duration', '1'];
    const flags = ['--target', target, ...load, '--threshold', 'errors.rate < 1%'];
    const judged = async (options: BuildOptions) =>
      untilVerdict(async () => {
        const build = await box.build({ elsewhere, ...options });
        return { ...build, code: build.returned ?? null };
      });
    const good = await judged({ step: { home, flags } });
    expect(good.returned).toBe(0);
    expect(events(good, 'publishHTML')).toMatchObject([{ name: 'headroom' }]);
    expect(events(good, 'junit')).toMatchObject([{ files: ['runs/last/junit.xml'], failed: 0 }]);
    const failing = [...flags, '--threshold', 'throughput >= 9999999/s'];
    const bad = await judged({ missing: ['publishChecks'], step: { home, flags: failing } });
    expect(bad).toMatchObject({ returned: 3, result: 'UNSTABLE' });
    // As text: Markdown would have &gt;.
    expect(bad.description).toMatch(/^FAIL: .*throughput >= 9999999\/s/);
    expect(bad.log).toContain('WARNING: the Jenkins plugin checks-api is not installed');
    const wrong = await box.build({ elsewhere, step: { home, flags, baselin: 'main' } });
    expect(wrong.log).toContain('headroom has no parameter baselin. It has flags, baseline, version and home');
    const mistaken = await box.build({ elsewhere, step: { home, flags: ['--profil', 'smoke'] } });
    expect(mistaken).toMatchObject({ result: 'FAILURE' });
    expect(mistaken.log).toContain('headroom failed with exit code 2');
    app.closeAllConnections();
    app.close();
  });

  test('what Jenkins would refuse is refused before anything runs', async () => {
    const file = join(box.workspace, 'Jenkinsfile');
    const whole = readFileSync(file, 'utf8');
    const refused = async (from: string, to: string): Promise<string> => {
      expect(whole).toContain(from);
      writeFileSync(file, whole.replace(from, to));
      return box.build().then(
        () => 'built',
        (error: Error) => error.message,
      );
    };
    const steps = "steps { sh 'deploy/stress-stage.sh report' }";
    expect(await refused(steps, "steps { if (true) { sh 'true' } }")).toContain(
      'only steps are allowed here; put logic into script { }',
    );
    expect(await refused(steps, `${steps}\n            step { sh 'true' }`)).toContain(
      'step is not allowed in stage { }',
    );
    writeFileSync(file, whole);
  });

  test('a changed primary process is restarted under load without a failed request', async () => {
    appendFileSync(join(box.workspace, 'dist', 'app', 'cluster', 'fleet.js'), '// changed\n');
    const load = startLoad(box.site, { writes: false });
    const { code, log } = await box.script('release.sh');
    const { failed } = await load.stop();
    expect(log).toContain('the primary process or its settings have changed');
    expect({ code, failed }).toEqual({ code: 0, failed: [] });
  });

  test('a release that passes its check but does not respond in its place is rolled back', async () => {
    // What only workers load.
    const app = join(box.workspace, 'dist', 'app');
    const bundle = readdirSync(app).find(
      (name) => name.startsWith('bundle-') && readFileSync(join(app, name), 'utf8').includes('failed to handle'),
    );
    const worker = join(app, String(bundle));
    const whole = readFileSync(worker, 'utf8');
    const good = box.current();
    writeFileSync(worker, `if (process.env.PORT === '${box.port}') throw new Error('broken');\n${whole}`);
    const load = startLoad(box.site);
    const { code, log } = await box.script('release.sh');
    const { failed } = await load.stop();
    writeFileSync(worker, whole);
    expect(log).toContain('is live again');
    expect({ code, failed, current: box.current() }).toEqual({ code: 1, failed: [], current: good });
    // Its settings and its data outlive releases.
    expect(readdirSync(join(box.folder, 'srv', 'shared'))).toEqual(expect.arrayContaining(['app.env', 'data', 'good']));
  });

  test('by hand: back to the release before, and a graceful stop; nothing running is fine', async () => {
    const had = box.current();
    expect((await box.script('release.sh', ['--back'])).code).toBe(0);
    expect(box.current()).not.toBe(had);
    expect(existsSync(had)).toBe(true);
    expect((await box.script('stop.sh')).log).toMatch(/current: stopped process \d+/);
    expect(await answer(`${box.site}/go`)).toBe(502);
    expect(await box.script('stop.sh')).toMatchObject({ code: 0, log: expect.stringContaining('not running') });
  });
});

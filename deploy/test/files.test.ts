// The files that a box is set up from: each is checked by its own tool where there is one, and against the others.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const deploy = join(import.meta.dirname, '..');
const read = (name: string): string => readFileSync(join(deploy, name), 'utf8');
const program = (name: string): string | undefined =>
  [`/usr/bin/${name}`, `/usr/sbin/${name}`, `/usr/local/bin/${name}`].find((path) => existsSync(path));
const needs = (name: string) => (program(name) || process.env.CI ? test : test.skip);
const filesEndingIn = (end: string): string[] =>
  readdirSync(deploy, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith(end));

needs('shellcheck')('shellcheck finds no problem in the scripts (needs shellcheck)', () => {
  const root = join(deploy, '..');
  const scripts = execFileSync('git', ['ls-files', '*.sh'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  execFileSync(program('shellcheck') ?? 'shellcheck', ['--external-sources', ...scripts], {
    cwd: root,
    encoding: 'utf8',
  });
});

needs('yamllint')('yamllint finds no problem in the YAML files (needs yamllint)', () => {
  const rules = '{extends: default, rules: {line-length: {max: 180}, braces: disable, comments-indentation: disable}}';
  execFileSync(program('yamllint') ?? 'yamllint', [
    '--strict',
    '-d',
    rules,
    ...filesEndingIn('.yaml').map((name) => join(deploy, name)),
  ]);
});

needs('systemd-analyze')('systemd accepts the unit and rates its exposure as low (needs systemd-analyze)', () => {
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  const unit = join(folder, 'headroom@.service');
  // The paths of a box are not on every machine.
  writeFileSync(unit, read('systemd/headroom@.service').replace('/usr/local/bin/node', process.execPath));
  const analyze = (...args: string[]): string =>
    execFileSync(program('systemd-analyze') ?? 'systemd-analyze', args, {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  try {
    expect(analyze('verify', join(folder, 'headroom@current.service').replace('@current', '@'))).toBe('');
    analyze('security', '--offline=yes', '--threshold=9', unit);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the unit reads its settings with the rights of the app, because a build could make a link of their files', () => {
  const unit = read('systemd/headroom@.service');
  expect(unit).not.toMatch(/^(EnvironmentFile|LoadCredential|StandardOutput)=/m);
  const folder = mkdtempSync(join(tmpdir(), 'unit-'));
  mkdirSync(join(folder, 'shared'));
  mkdirSync(join(folder, 'next', 'dist', 'app'), { recursive: true });
  writeFileSync(join(folder, 'shared', 'app.env'), "DATA_DIR='/a b'\nSESSION_SECRET=x+/y==\n");
  writeFileSync(join(folder, 'shared', 'next.env'), 'PORT=8001\n');
  writeFileSync(join(folder, 'next', 'dist', 'app', 'server.js'), 'console.log(JSON.stringify(process.env))');
  const start = /^ExecStart=\/bin\/sh -c '(.+)'$/m.exec(unit)?.[1] ?? '';
  const placed = start.replaceAll('%i', 'next').replaceAll('/srv/headroom', folder);
  const said = execFileSync('sh', ['-c', placed.replace('/usr/local/bin/node', process.execPath)], { env: {} });
  rmSync(folder, { recursive: true });
  expect(JSON.parse(String(said))).toMatchObject({ DATA_DIR: '/a b', SESSION_SECRET: 'x+/y==', PORT: '8001' });
});

test('systemd starts the app again however often it has crashed', () => {
  const unit = read('systemd/headroom@.service');
  const [head = ''] = unit.split('[Service]');
  expect(head).toContain('\nStartLimitIntervalSec=0\n');
  expect(unit).toContain('\nRestart=on-failure\n');
});

test('sudo allows the systemctl commands that the scripts run, and no others', () => {
  const unit = read('systemd/headroom@.service');
  expect(unit).toContain('ExecReload=/bin/kill -HUP $MAINPID');
  expect(unit).toContain('/srv/headroom/%i/dist/app/server.js');
  for (const [, verb, name] of read('service.sh').matchAll(/as_root systemctl (\w+) "?headroom@(current|\$1)/g))
    for (const instance of name === 'current' ? ['current'] : ['current', 'next'])
      expect(read('sudoers')).toContain(`/usr/bin/systemctl ${verb} headroom@${instance}.service`);
  expect(read('sudoers')).not.toMatch(/\bALL\s*$|\*/m);
  // What writes nginx's configuration or reloads it can become root.
  const commands = read('sudoers').replace(/^#.*$/gm, '').match(/\/\S+/g) ?? [];
  expect(new Set(commands)).toEqual(new Set(['/usr/bin/systemctl']));
});

test('release.sh compares every module that the primary process runs', () => {
  const app = join(deploy, '..', 'app');
  const names = /primary_program=\(([^)]+)\)/.exec(read('release.sh'))?.[1]?.split(' ') ?? [];
  for (const name of names) expect(existsSync(join(app, `${name}.ts`))).toBe(true);
  const imported = (name: string): string[] =>
    [...readFileSync(join(app, `${name}.ts`), 'utf8').matchAll(/^import (?!type)[^;]*? from '(\.[./\w-]+)\.ts'/gm)].map(
      (match) => relative(app, join(app, dirname(name), match[1] as string)),
    );
  // Only used while it starts.
  const atStart = ['user-error', 'links/damaged'];
  for (const name of names.filter((each) => each !== 'server')) {
    const missing = imported(name).filter((each) => !names.includes(each) && !atStart.includes(each));
    expect({ name, missing }).toEqual({ name, missing: [] });
  }
});

test('Jenkins has a plugin for every step of the Jenkinsfile', () => {
  const pluginOf: Record<string, string> = {
    copyArtifacts: 'copyartifact',
    specific: 'copyartifact',
    milestone: 'pipeline-milestone-step',
    junit: 'junit',
    lock: 'lockable-resources',
    keepRunning: 'pipeline-keep-running-step',
    perfReport: 'performance',
    publishChecks: 'checks-api',
    publishHTML: 'htmlpublisher',
    timestamps: 'timestamper',
    withCredentials: 'credentials-binding',
    pipeline: 'pipeline-model-definition',
  };
  const inPipelineItself =
    'sh echo error unstable catchError timeout waitUntil withEnv node stash unstash script parallel fileExists readFile archiveArtifacts string'.split(
      ' ',
    );
  const plugins = read('jenkins/plugins.txt')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => line.split(':')[0] as string);
  const unpinned = read('jenkins/plugins.txt').match(/^[\w-]+$/gm);
  expect(unpinned).toEqual(['performance', 'pipeline-keep-running-step', 'workflow-aggregator']);
  const steps = readFileSync(join(deploy, 'jenkins', 'test', 'Steps.groovy'), 'utf8');
  const known = [...steps.matchAll(/^ {4}(?:def|Map) (\w+)\(/gm)].map((match) => match[1] as string);
  for (const step of known)
    if (!inPipelineItself.includes(step))
      expect({ step, plugin: plugins.includes(pluginOf[step] ?? '') }).toEqual({ step, plugin: true });
  expect(plugins).toEqual(
    expect.arrayContaining(['configuration-as-code', 'job-dsl', 'github-branch-source', ...Object.values(pluginOf)]),
  );
  expect(plugins).toEqual([...plugins].sort());
});

test('the jobs that send a load from several machines agree with --shard auto on its variables and its start', () => {
  const job = parse(read('load/kubernetes.yaml'));
  const { completions, parallelism, completionMode, template } = job.spec;
  const [container] = template.spec.containers;
  const shards = container.env.find(({ name }: { name: string }) => name === 'HEADROOM_SHARDS').value;
  expect([completionMode, parallelism, Number(shards)]).toEqual(['Indexed', completions, completions]);
  const batch = JSON.parse(read('load/aws-batch.json'));
  const { command } = batch.containerProperties;
  expect(command.slice(3)).toEqual(Object.keys(batch.parameters).map((name) => `Ref::${name}`));
  for (const line of [container.command[2], command[2]]) {
    execFileSync('sh', ['-n', '-c', line]);
    expect(line).toContain('stress --shard auto --start-at next:10m --seed 1');
  }
});

test('Jenkins as code holds no secret, and the credentials and agents that the Jenkinsfile names', () => {
  const casc = parse(read('jenkins/casc.yaml'));
  const jenkinsfile = readFileSync(join(deploy, '..', 'Jenkinsfile'), 'utf8');
  const credentials = casc.credentials.system.domainCredentials[0].credentials.map(
    (each: object) => Object.values(each)[0],
  );
  const ids = credentials.map(({ id }: { id: string }) => id);
  for (const [, id] of jenkinsfile.matchAll(/credentialsId: '([\w-]+)'/g)) expect(ids).toContain(id);
  for (const { secret, password } of credentials)
    for (const value of [secret, password].filter(Boolean)) expect(value).toMatch(/^\$\{\w+(:-)?\}$/);
  const [box, loadgen] = casc.jenkins.nodes.map(({ permanent }: { permanent: object }) => permanent);
  expect(jenkinsfile).toContain(`label '${box.labelString}'`);
  expect(jenkinsfile).toContain(`node('${loadgen.labelString}')`);
  // No build runs as the user of Jenkins, and none can use the keys of the agents.
  expect(casc.jenkins.numExecutors).toBe(0);
  const idOf = ({ launcher }: { launcher: { ssh: { credentialsId: string } } }) => launcher.ssh.credentialsId;
  for (const node of [box, loadgen])
    expect(credentials.find(({ id }: { id: string }) => id === idOf(node)).scope).toBe('SYSTEM');
  expect(casc.unclassified.lockableResourcesManager.declaredResources[0].name).toBe(
    /lock\('([\w-]+)'\)/.exec(jenkinsfile)?.[1],
  );
  expect(casc.jobs[0].script).toContain("scriptPath('Jenkinsfile')");
  // It reads what the set-up writes.
  const setUp = read('ec2/set-up-jenkins.sh');
  for (const [, name] of read('jenkins/casc.yaml').matchAll(/\$\{(\w+)/g))
    expect(setUp).toMatch(new RegExp(`^(${name}=| +store ${name} )|secrets/${name}"`, 'm'));
});

test('the Datadog agent checks the addresses of the site and the process of the unit, and has no key', () => {
  const site = read('nginx/headroom.conf');
  const instances = (check: string) => parse(read(`datadog/conf.d/${check}.d/conf.yaml`)).instances;
  const status = new URL(instances('nginx')[0].nginx_status_url);
  expect(site).toContain(`listen ${status.host};`);
  expect(site).toContain(`location = ${status.pathname} {`);
  expect(site).toContain(`listen ${new URL(instances('http_check')[0].url).port} `);
  expect(read('systemd/headroom@.service').replace('%i', 'current').replaceAll('%i', 'current')).toContain(
    instances('process')[0].search_string[0],
  );
  const agent = parse(read('datadog/datadog.yaml'));
  expect(agent).toMatchObject({
    use_dogstatsd: true,
    dogstatsd_port: 8125,
    dogstatsd_non_local_traffic: false,
    apm_config: { enabled: false },
  });
  expect(agent).not.toHaveProperty('api_key');
});

test('the box opens 22 and 5000 to the named range, 8090 to webhooks, and neither Jenkins nor the app', () => {
  const intrinsics = ['!Ref', '!Sub', '!GetAtt', '!Not', '!Equals'].flatMap((tag) => [
    { tag, resolve: (value: string) => ({ [tag]: value }) },
    { tag, collection: 'seq' as const },
  ]);
  const { Resources, Parameters } = parse(read('ec2/box.yaml'), { customTags: intrinsics });
  const open = Resources.SecurityGroup.Properties.SecurityGroupIngress;
  const named = open.filter(({ CidrIp }: { CidrIp: { '!Ref': string } }) => CidrIp['!Ref'] === 'AllowedRange');
  expect(named.map(({ FromPort, ToPort }: Record<string, number>) => [FromPort, ToPort])).toEqual(
    [22, 5000].map((port) => [port, port]),
  );
  expect(open.filter((rule: object) => !named.includes(rule))).toEqual([
    expect.objectContaining({ FromPort: 8090, ToPort: 8090, CidrIp: { '!Ref': 'WebhookRange' } }),
  ]);
  expect(open.every(({ CidrIp }: { CidrIp: object }) => typeof CidrIp === 'object')).toBe(true);
  for (const name of ['AllowedRange', 'WebhookRange']) {
    const allowed = (range: string): boolean => new RegExp(Parameters[name].AllowedPattern).test(range);
    const wrong = [
      '0.0.0.0/0',
      '1.2.3.4/0',
      '128.0.0.0/1',
      '10.0.0.0/7',
      '10.0.0.0/33',
      '999.0.0.0/24',
      '10.0.0/24',
      '',
    ];
    expect(wrong.filter(allowed)).toEqual([]);
    expect(['203.0.113.0/24', '203.0.113.7/32', '10.0.0.0/8', '140.82.112.0/20'].every(allowed)).toBe(true);
  }
  // The second box can read no secret but the key of its agent.
  const [policy] = Resources.TargetRole.Properties.Policies;
  const { Resource } = policy.PolicyDocument.Statement.find(
    ({ Action }: { Action: string }) => Action === 'ssm:GetParameter',
  );
  expect(Resource['!Sub']).toMatch(/:parameter\/headroom\/datadog-api-key$/);
  expect(Resources.SecondBox.Properties.IamInstanceProfile).toEqual({ '!Ref': 'TargetProfile' });
  expect([Resources.Box, Resources.SecondBox].map((box) => box.Properties.MetadataOptions.HttpTokens)).toEqual([
    'required',
    'required',
  ]);
  expect(Resources.SecondBox.Condition).toBe('HasSecond');
  for (const box of [Resources.Box, Resources.SecondBox]) {
    const script = box.Properties.UserData['Fn::Base64']['!Sub'];
    expect(script.length).toBeLessThan(16_384);
    execFileSync('bash', ['-n'], { input: script });
    expect(script).toContain('deploy/ec2/set-up.sh');
  }
});

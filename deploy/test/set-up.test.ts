// The set-up of a box, without a box: programs that change a machine are stubs that record their calls, and files go to a folder.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const root = join(import.meta.dirname, '..', '..');
const apiKey = 'placeholder-api-key';
let folder: string;
let calls: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'set-up-'));
  calls = join(folder, 'calls');
  mkdirSync(join(folder, 'bin'));
  mkdirSync(join(folder, 'box', 'etc', 'nginx', 'sites-enabled'), { recursive: true });
  writeFileSync(join(folder, 'box', 'etc', 'nginx', 'sites-enabled', 'default'), '');
  // In the place of the programs of the box.
  const stubs = 'apt-get dnf rpm snap systemctl useradd java npm visudo fallocate mkswap swapon chown tar bash'.split(
    ' ',
  );
  for (const name of stubs)
    stub(name, name === 'bash' ? `[ "$#" -gt 0 ] && echo "DD_API_KEY given: \${DD_API_KEY:+yes}" >>${calls}` : '');
  stub('sha256sum', 'cat >/dev/null');
  stub('id', 'exit 1');
  // Without the owners, which are not users of this machine.
  stub(
    'install',
    'for word; do shift; case $word in -o | -g) skip=1 ;; *) [ -n "$skip" ] && skip= || set -- "$@" "$word" ;; esac; done; exec /usr/bin/install "$@"',
  );
  stub(
    'curl',
    `while [ "$#" -gt 0 ]; do case $1 in -o) echo "sum  node-v20.20.2-linux-x64.tar.xz" >"$2"; shift ;; esac; shift; done; echo box.example.com`,
  );
  stub(
    'aws',
    `case "$*" in */datadog-api-key*) echo ${apiKey} ;; */jenkins-admin-password*) echo placeholder-password ;; *) exit 255 ;; esac`,
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function stub(name: string, body: string): void {
  writeFileSync(join(folder, 'bin', name), `#!/bin/sh\necho "${name} $*" >>${calls}\n${body}\n`, { mode: 0o755 });
}

function setUp(system: string, more: NodeJS.ProcessEnv = {}) {
  const [id, version] = system.split(' ');
  writeFileSync(join(folder, 'box', 'etc', 'os-release'), `ID=${id}\nVERSION_ID="${version}"\n`);
  const { status, stdout, stderr } = spawnSync('/bin/bash', [join(root, 'deploy', 'ec2', 'set-up.sh')], {
    encoding: 'utf8',
    env: {
      PATH: `${join(folder, 'bin')}:/usr/bin:/bin`,
      HEADROOM_INTO: join(folder, 'box'),
      GITHUB_OWNER: 'me',
      GITHUB_REPOSITORY: 'app',
      ...more,
    },
  });
  return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

const onBox = (path: string): string => readFileSync(join(folder, 'box', path), 'utf8');

test.each([
  ['ubuntu 22.04', /apt-get install .*nginx-light/, /apt-get install .*jenkins/],
  ['ubuntu 24.04', /snap install aws-cli|apt-get install .*git/, /apt-get install .*openjdk-21-jre-headless jenkins/],
  ['amzn 2023', /dnf install .*nginx/, /dnf install .*java-21-amazon-corretto-headless jenkins/],
])('%s gets Node, nginx, the unit, the agent and Jenkins as code', (system, first, second) => {
  const { status, stderr, calls: made } = setUp(system);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(made).toMatch(first);
  expect(made).toMatch(second);
  expect(made).toMatch(system.startsWith('ubuntu') ? /^(?!dnf)/m : /^(?!apt-get)/m);
  expect(made.includes('dnf')).toBe(system === 'amzn 2023');
  expect(made).toMatch(/curl .*nodejs\.org\/dist\/v20\.20\.2\/SHASUMS256\.txt/);
  expect(made).toContain('sha256sum --check --quiet');
  expect(made).toMatch(/java -jar .* --plugin-file deploy\/jenkins\/plugins\.txt/);
  expect(made).toContain('systemctl enable headroom@current.service nginx.service');
  expect(made.trim().split('\n').at(-1)).toBe('systemctl restart jenkins.service');
  expect(onBox('etc/systemd/system/headroom@.service')).toContain('ExecReload');
  expect(onBox('etc/headroom/casc.yaml')).toContain('multibranchPipelineJob');
  expect(onBox('etc/headroom/jenkins.env')).toContain('GITHUB_OWNER=me');
  expect(onBox('etc/datadog-agent/conf.d/nginx.d/conf.yaml')).toContain('nginx_status');
});

test('keys come from the parameter store, into files that only their user reads', () => {
  const { calls: made } = setUp('ubuntu 24.04');
  expect(made).toContain('aws ssm get-parameter --name /headroom/datadog-api-key --with-decryption');
  expect(onBox('etc/headroom/secrets/DD_API_KEY')).toBe(`${apiKey}\n`);
  expect(onBox('etc/headroom/secrets/DD_APP_KEY')).toBe('');
  expect(onBox('etc/datadog-agent/environment')).toContain(`DD_API_KEY=${apiKey}\n`);
  expect(statSync(join(folder, 'box/etc/headroom/secrets/DD_API_KEY')).mode & 0o077).toBe(0);
  expect(statSync(join(folder, 'box/etc/datadog-agent/environment')).mode & 0o007).toBe(0);
  // It is in no command line, and no build inherits it.
  expect(made).not.toContain(apiKey);
  expect(onBox('etc/headroom/jenkins.env')).not.toMatch(/KEY|TOKEN|PASSWORD/);
});

test('a target of a paired comparison gets no Jenkins, and no agent without a key', () => {
  stub('aws', 'exit 255');
  // The release itself is tested with the Jenkinsfile.
  const { stderr, calls: made } = setUp('ubuntu 22.04', { HEADROOM_ROLE: 'target' });
  expect(stderr).toContain('skipping the Datadog agent');
  expect(made).toContain('npm ci');
  expect(made).not.toMatch(/jenkins|datadoghq\.com/);
});

test('any other system is refused before anything is changed', () => {
  const { status, stderr, calls: made } = setUp('debian 12');
  expect({ status, made }).toEqual({ status: 2, made: '' });
  expect(stderr).toContain('debian 12 is not supported; use Ubuntu 22.04 or 24.04, or Amazon Linux 2023');
});

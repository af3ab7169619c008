// The set-up of a box, without a box: programs that change a machine are stubs that record their calls, and files go to a folder.
import { spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
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
  mkdirSync(join(folder, 'box', 'etc', 'nginx', 'conf.d'));
  mkdirSync(join(folder, 'box', 'etc', 'ssh'));
  writeFileSync(join(folder, 'box', 'etc', 'ssh', 'ssh_host_ed25519_key.pub'), 'ssh-ed25519 HOST root@box\n');
  // In the place of the programs of the box.
  const stubs =
    'apt-get dnf rpm snap systemctl useradd usermod java npm visudo fallocate mkswap swapon chown tar bash'.split(' ');
  for (const name of stubs)
    stub(name, name === 'bash' ? `[ "$#" -gt 0 ] && echo "DD_API_KEY given: \${DD_API_KEY:+yes}" >>${calls}` : '');
  stub('runuser', 'shift 3; exec "$@"');
  stub('sha256sum', 'cat >/dev/null');
  stub('ssh-keygen', 'for path; do :; done; echo key >"$path"; echo "ssh-ed25519 AAAA" >"$path.pub"');
  stub('id', '[ "$1" = -u ] && echo 997 || exit 1');
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
    `case "$*" in */datadog-api-key*) echo ${apiKey} ;; */jenkins-admin-password*) echo placeholder-password ;; *) echo 'An error occurred (ParameterNotFound)' >&2; exit 254 ;; esac`,
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
      HEADROOM_RETRY_S: '0',
      ...more,
    },
  });
  return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8') : '' };
}

const onBox = (path: string): string => readFileSync(join(folder, 'box', path), 'utf8');

test.each([
  ['ubuntu 22.04', /apt-get install .*nginx-light/, /apt-get install .*jenkins/],
  ['ubuntu 24.04', /snap install aws-cli|apt-get install .*git/, /apt-get install .*openjdk-21-jre-headless jenkins/],
  ['debian 12', /apt-get install .*awscli|apt-get install .*git/, /apt-get install .*temurin-21-jre jenkins/],
  ['amzn 2023', /dnf install .*nginx/, /dnf install .*java-21-amazon-corretto-headless jenkins/],
])('%s gets Node, nginx, the unit, the agent and Jenkins as code', (system, first, second) => {
  const { status, stderr, calls: made } = setUp(system);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(made).toMatch(first);
  expect(made).toMatch(second);
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
  expect(statSync(join(folder, 'box/etc/headroom/secrets/DD_API_KEY')).mode & 0o777).toBe(0o640);
  expect(statSync(join(folder, 'box/etc/datadog-agent/environment')).mode & 0o007).toBe(0);
  // It is in no command line, and no build inherits it.
  expect(made).not.toContain(apiKey);
  expect(onBox('etc/headroom/jenkins.env')).not.toMatch(/KEY|TOKEN|PASSWORD/);
});

test('builds run as a user of their own, who can read no secret and reach no metadata service', () => {
  const { calls: made } = setUp('ubuntu 24.04');
  expect(made).toContain('useradd --system --create-home --home-dir /var/lib/headroom-build');
  expect(made).toContain(`chown -h root:jenkins ${join(folder, 'box/etc/headroom/secrets/BUILD_KEY')}`);
  expect(made).toContain(`chown -h headroom-build:headroom-build ${join(folder, 'box/srv/headroom')} `);
  expect(statSync(join(folder, 'box/etc/headroom/secrets')).mode & 0o777).toBe(0o750);
  expect(onBox('var/lib/headroom-build/.ssh/authorized_keys')).toMatch(
    /^from="127\.0\.0\.1,::1",.*no-pty ssh-ed25519 AAAA$/m,
  );
  for (const file of ['user-997.slice.d', 'jenkins.service.d'])
    expect(onBox(`etc/systemd/system/${file}/headroom.conf`)).toContain(
      'IPAddressDeny=169.254.169.254 fd00:ec2::254\n',
    );
  const environment = onBox('etc/headroom/jenkins.env');
  expect(environment).toContain('BOX_IDENTITY=ssh-ed25519 HOST\n');
  expect(environment).toContain('JENKINS_LISTEN_ADDRESS=127.0.0.1\n');
  expect(onBox('etc/nginx/conf.d/webhook.conf')).toContain('location = /github-webhook/');
});

test('a second set-up leaves nginx, and with it the connections of visitors, alone', () => {
  setUp('debian 12');
  rmSync(calls);
  const again = setUp('debian 12');
  expect({ status: again.status, reloads: again.calls.includes('reload nginx') }).toEqual({
    status: 0,
    reloads: false,
  });
  writeFileSync(join(folder, 'box/etc/nginx/conf.d/webhook.conf'), 'of an earlier version');
  expect(setUp('debian 12').calls).toContain('systemctl reload nginx.service\n');
  expect(onBox('etc/nginx/conf.d/webhook.conf')).toContain('location = /github-webhook/');
});

test('a build cannot have root change a folder by putting a link in its place', () => {
  expect(setUp('ubuntu 24.04').status).toBe(0);
  const [shared, elsewhere] = [join(folder, 'box/srv/headroom/shared'), join(folder, 'elsewhere')];
  mkdirSync(join(elsewhere, 'data'), { recursive: true });
  for (const link of [join(shared, 'data'), shared]) {
    rmSync(link, { recursive: true });
    symlinkSync(elsewhere, link);
    rmSync(calls);
    const { status, stderr, calls: made } = setUp('ubuntu 24.04');
    expect({ status, changed: made.includes('chown -h headroom:headroom data') }).toEqual({
      status: 2,
      changed: false,
    });
    expect(stderr).toContain('is a link; remove it, and run this again');
    rmSync(link);
    mkdirSync(link);
  }
  // What is not entered is changed as a link.
  const texts = ['set-up.sh', 'set-up-jenkins.sh'].map((name) => readFileSync(join(root, 'deploy/ec2', name), 'utf8'));
  const owners = texts.join('').match(/chown .*/g) ?? [];
  expect(owners.filter((line) => !/^chown (-R )?-h /.test(line))).toEqual([]);
});

test('what a build has put in the place of the key that lets Jenkins in is replaced, and what a link leads to is left alone', () => {
  const home = join(folder, 'box/var/lib/headroom-build');
  mkdirSync(home, { recursive: true });
  mkdirSync(join(folder, 'root-ssh'));
  writeFileSync(join(folder, 'root-ssh', 'authorized_keys'), 'of root');
  symlinkSync(join(folder, 'root-ssh'), join(home, '.ssh'));
  const { calls: made } = setUp('ubuntu 24.04');
  expect(readFileSync(join(folder, 'root-ssh', 'authorized_keys'), 'utf8')).toBe('of root');
  expect(onBox('var/lib/headroom-build/.ssh/authorized_keys')).toContain('ssh-ed25519 AAAA');
  // Who owns a folder may rename what is in it.
  expect(made).toContain(`chown -h root:root ${home}\n`);
  expect(readFileSync(join(root, 'deploy/jenkins/casc.yaml'), 'utf8')).toContain('"/var/lib/headroom-build/agent"');
});

test('a parameter store that does not answer ends the set-up, and leaves the secrets of the last one', () => {
  setUp('ubuntu 24.04');
  stub('aws', 'echo "An error occurred (ThrottlingException): Rate exceeded" >&2; exit 254');
  const { status, stderr } = setUp('ubuntu 24.04');
  expect(status).toBe(1);
  expect(stderr).toContain(
    'cannot read /headroom/datadog-api-key from the parameter store; run it again later: An error',
  );
  expect(onBox('etc/headroom/secrets/DD_API_KEY')).toBe(`${apiKey}\n`);
  expect(onBox('etc/headroom/secrets/JENKINS_ADMIN_PASSWORD')).toBe('placeholder-password\n');
  // Those that were removed from the store stay too.
  stub('aws', 'echo ParameterNotFound >&2; exit 254');
  expect(setUp('ubuntu 24.04').status).toBe(0);
  expect(onBox('etc/headroom/secrets/JENKINS_ADMIN_PASSWORD')).toBe('placeholder-password\n');
});

test('a call that is throttled is repeated', () => {
  stub(
    'aws',
    `if [ ! -e ${folder}/asked ]; then touch ${folder}/asked; echo ThrottlingException >&2; exit 254; fi; echo ${apiKey}`,
  );
  expect(setUp('ubuntu 24.04').status).toBe(0);
  expect(onBox('etc/headroom/secrets/JENKINS_ADMIN_PASSWORD')).toBe(`${apiKey}\n`);
});

test('without a password for the administrator of Jenkins nothing is set up', () => {
  stub('aws', 'echo ParameterNotFound >&2; exit 254');
  const { status, stderr, calls: made } = setUp('ubuntu 24.04');
  expect({ status, installsJenkins: made.includes('jenkins.war') }).toEqual({ status: 2, installsJenkins: false });
  expect(stderr).toContain(
    '/headroom/jenkins-admin-password was not found in the parameter store; store it as docs/runbook.md',
  );
});

test('a target of a paired comparison gets no Jenkins, and no agent without a key', () => {
  stub('aws', 'echo ParameterNotFound >&2; exit 254');
  // The release itself is tested with the Jenkinsfile.
  const { stderr, calls: made } = setUp('ubuntu 22.04', { HEADROOM_ROLE: 'target' });
  expect(stderr).toContain('skipping the Datadog agent');
  expect(made).toContain('npm ci');
  expect(made).not.toMatch(/jenkins|datadoghq\.com/);
});

test('any other system is refused before anything is changed', () => {
  const { status, stderr, calls: made } = setUp('debian 11');
  expect({ status, made }).toEqual({ status: 2, made: '' });
  expect(stderr).toContain('debian 11 is not supported; use Ubuntu 22.04 or 24.04, Debian 12, or Amazon Linux 2023');
});

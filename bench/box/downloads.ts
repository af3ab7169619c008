// What set-up.sh downloads from elsewhere than Debian, as files of the guest: Node from this machine, and stand-ins for Java, Jenkins and
// AWS. The programs in /opt/box/bin come first while set-up.sh runs.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root as checkout, tempFolder } from '../program.ts';

/** Serves the last part of an address from /opt/box/downloads; loopback is reached as always. */
const curl = `#!/bin/bash
out=/dev/stdout address=
for ((n = 1; n <= $#; n++)); do
  case \${!n} in -o) n=$((n + 1)); out=\${!n} ;; http*) address=\${!n} ;; esac
done
case $address in http://127.0.0.1[:/]* | http://localhost[:/]*) exec /usr/bin/curl "$@" ;; esac
cat "/opt/box/downloads/\${address##*/}" >"$out" || { echo "curl: there is no local file for $address" >&2; exit 22; }
`;
const aws = `#!/bin/sh
case "$*" in
  *jenkins-admin-password*) echo placeholder-password ;;
  *) echo 'An error occurred (ParameterNotFound) when calling the GetParameter operation' >&2; exit 254 ;;
esac
`;
const jenkinsUnit = '[Service]\nUser=jenkins\nExecStart=/bin/sleep infinity\n[Install]\nWantedBy=multi-user.target\n';
const jenkinsUser =
  '#!/bin/sh\nid jenkins >/dev/null 2>&1 || useradd --system --create-home --home-dir /var/lib/jenkins --shell /bin/bash jenkins\n';
const texts = {
  'instance-type': 't2.micro\n',
  'instance-id': 'i-0123456789abcdef0\n',
  token: 'token\n',
  public: 'key\n',
  'jenkins.io-2026.key': 'key\n',
};

/** Adds them to the root folder of the guest, in place of those of an earlier run. */
export function addDownloads(root: string): void {
  const box = join(root, 'opt/box');
  rmSync(box, { recursive: true, force: true });
  for (const folder of ['bin', 'downloads']) mkdirSync(join(box, folder), { recursive: true });
  writeFileSync(join(box, 'bin/curl'), curl, { mode: 0o755 });
  writeFileSync(join(box, 'bin/aws'), aws, { mode: 0o755 });
  const setUp = readFileSync(join(checkout, 'deploy/ec2/set-up.sh'), 'utf8');
  const version = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(setUp)?.[1] ?? '';
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(box, 'downloads', name), text);
  writeFileSync(join(box, 'downloads', `jenkins-plugin-manager-${version('plugin_manager_version')}.jar`), '');
  // It has no network, so that asking again takes only time.
  writeFileSync(join(root, 'etc/apt/apt.conf.d/box'), 'Acquire::Retries "0";\n');
  packNode(join(box, 'downloads'), `node-v${version('node_version')}-linux-x64`);
  installStandIn(root, 'temurin-21-jre', { 'usr/bin/java': '#!/bin/sh\n' });
  installStandIn(root, 'jenkins', {
    'lib/systemd/system/jenkins.service': jenkinsUnit,
    'usr/share/java/jenkins.war': '',
    'DEBIAN/postinst': jenkinsUser,
  });
}

/** This machine's Node and npm in the shape of Node's release. */
function packNode(downloads: string, name: string): void {
  const folder = join(tempFolder(), name);
  const npm = dirname(
    dirname(
      execFileSync('readlink', ['-f', execFileSync('which', ['npm'], { encoding: 'utf8' }).trim()], {
        encoding: 'utf8',
      }),
    ),
  );
  mkdirSync(join(folder, 'bin'), { recursive: true });
  mkdirSync(join(folder, 'lib/node_modules'), { recursive: true });
  execFileSync('cp', ['-L', process.execPath, join(folder, 'bin/node')]);
  execFileSync('cp', ['-r', npm, join(folder, 'lib/node_modules/npm')]);
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'bin/npm'));
  const file = `${name}.tar.xz`;
  execFileSync('nice', ['-n', '19', 'tar', '-C', dirname(folder), '-I', 'xz -0', '-cf', join(downloads, file), name]);
  writeFileSync(join(downloads, 'SHASUMS256.txt'), execFileSync('sha256sum', [file], { cwd: downloads }));
}

/** A package of files alone, installed as if apt had done it. */
function installStandIn(root: string, name: string, files: Readonly<Record<string, string>>): void {
  const folder = join(tempFolder(), name);
  const control = `Package: ${name}\nVersion: 1\nArchitecture: all\nMaintainer: headroom\nDescription: stand-in\n`;
  for (const [path, text] of Object.entries({ 'DEBIAN/control': control, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text, { mode: text.startsWith('#!') ? 0o755 : 0o644 });
  }
  execFileSync('dpkg-deb', ['--build', '--root-owner-group', folder, join(root, `opt/box/${name}.deb`)], {
    stdio: 'ignore',
  });
  execFileSync('chroot', [root, 'dpkg', '--install', `/opt/box/${name}.deb`], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}

// What happens to control groups v2 under systemd while instances are emulated in them.
import { differs, type Fault } from './fault.ts';
import type { Shell } from './ssh.ts';

const out = '/var/tmp/emulation';
const stress = (flags: string): string =>
  `/usr/local/bin/node dist/cli.js stress --emulate always --instances t2.micro --json --out ${out}/runs ${flags}`;
/** Any user may start it, and it needs little of an emulated CPU. */
const app = `#!/bin/sh
temporary=
for each in client_body proxy fastcgi uwsgi scgi; do temporary="$temporary \${each}_temp_path ${out}/app-temp;"; done
echo "daemon off; master_process off; pid ${out}/app.pid; error_log stderr; events {}
http { access_log off; $temporary server { listen 127.0.0.1:$PORT; location / { return 200; } } }" >${out}/app.conf
exec /usr/sbin/nginx -c ${out}/app.conf
`;
/**
 * At the credit baseline from the first request on: a tenth of a core. Longer than systemd is disturbed on a slow guest. What the host takes
 * from the guest counts as the app's CPU time there, so that a response beside other work may take seconds.
 */
const throttled = stress(`--credits empty --connections 2 --duration 90 --timeout 60 --app "sh ${out}/app.sh"`);
const quota = '10000 100000';
const asUser = (command: string, ...properties: readonly string[]): string =>
  `systemd-run --quiet --wait --collect --working-directory=/opt/headroom ${['User=headroom-build', ...properties].map((each) => `-p ${each}`).join(' ')} /bin/sh -c '${command} >${out}/json 2>${out}/said'`;
const asRoot = (command: string): string => `${command} >${out}/json 2>${out}/said`;

/** Prints as NAME=VALUE, one a line; `disturb` runs while the load does, with the instance's group in $group. */
const script = (start: string, disturb: string): string => `
cd /opt/headroom; rm -rf ${out}; mkdir -m 777 ${out}
cat >${out}/app.sh <<'END'
${app}END
${start} &
run=$!
# By bash alone: programs that start again and again would take the guest's CPU from the run.
shopt -s globstar nullglob
for n in $(seq 600); do
  groups=(/sys/fs/cgroup/**/headroom-*-t2.micro)
  group=\${groups[0]-}
  if [ -n "$group" ] && read -r limit 2>/dev/null <"$group/cpu.max" && [ "\${limit%% *}" != max ]; then break; fi
  kill -0 $run 2>/dev/null || break
  sleep 1
done
sleep 5
echo "before=$(cat "$group/cpu.max")"
used() { sed -n 's/^usage_usec //p' "$group/cpu.stat"; }
${disturb}
echo "after=$(cat "$group/cpu.max")"
from=$(used); at=$(date +%s%N); sleep 20
echo "cores=$(awk -v us=$(($(used) - from)) -v ns=$(($(date +%s%N) - at)) 'BEGIN {printf "%.3f", us * 1000 / ns}')"
wait $run; echo "code=$?"
for n in $(seq 20); do
  left="$({ find /sys/fs/cgroup -name 'headroom-*'; systemctl list-units --all --no-legend --plain 'headroom-*.scope'; ps -C node -o args= | grep -E '/opt/headroom|dist/(cli|loadtest)'; } | tr '\\n' ' ')"
  [ -n "$left" ] || break
  sleep 1
done
echo "left=$left"
echo "said=$(tail -n 5 ${out}/said | tr '\\n' ' ')$(grep -o 'Another program changed[^"]*' ${out}/json | head -n 1)"`;

async function emulate(sh: Shell, start: string, disturb: string): Promise<Readonly<Record<string, string>>> {
  const { out: said } = await sh(script(start, disturb));
  return Object.fromEntries(said.split('\n').map((line) => [line.replace(/=.*/, ''), line.replace(/^[^=]*=/, '')]));
}

/** Of a run whose quota must hold whatever systemd does. */
function undisturbed(name: string, start: string): Fault {
  return {
    name,
    invariant: 'the quota is used and not exceeded by 5 %, the run ends in order, nothing stays',
    async inject({ sh }) {
      const systemd = `systemctl daemon-reload; systemd-run --quiet --wait -p CPUWeight=50 -p AllowedCPUs=0-1 sleep 1; systemctl restart nginx`;
      const {
        before = '',
        after = '',
        cores = '',
        code = '',
        left = '',
        said = '',
      } = await emulate(sh, start, systemd);
      return [
        ...differs('cpu.max before', before, quota),
        ...differs('cpu.max after', after, quota),
        // A quota is a maximum: beside other work of the host the load of a guest may leave a part of it.
        ...(Number(cores) > 0.085 && Number(cores) < 0.105 ? [] : [`used ${cores} of 0.1 cores`]),
        ...(['0', '3', '4'].includes(code) && !said.includes('Another program') ? [] : [`exit code ${code}: ${said}`]),
        ...differs('left', left, ''),
      ];
    },
  };
}

/** Of a run that ends with this code and says this. */
function ends(
  name: string,
  invariant: string,
  start: string,
  disturb: string,
  expected: { code: string; says: RegExp },
): Fault {
  return {
    name,
    invariant,
    async inject({ sh }) {
      const { code = '', left = '', said = '' } = await emulate(sh, start, disturb);
      return [
        ...differs('exit code', code, expected.code),
        ...(expected.says.test(said) ? [] : [`it said: ${said}`]),
        ...differs('left', left, ''),
      ];
    },
  };
}

const leak = `require("node:http").createServer((_, answer) => { all.push(Buffer.alloc(2 ** 22, 1)); answer.end(); }).listen(process.env.PORT, "127.0.0.1"); const all = [];`;

export const emulation: readonly Fault[] = [
  undisturbed('systemd at work beside an emulation by root', asRoot(throttled)),
  undisturbed('the same, by a user with Delegate=yes', asUser(throttled, 'Delegate=yes')),
  ends('emulation by a user without delegation', 'one sentence that says what would help', asUser(throttled), 'true', {
    code: '2',
    says: /this user may not change the control groups in \S+ \(EACCES\)\. Run as root, /,
  }),
  ends(
    'a limit lifted by another program',
    'no verdict, and it is named',
    asRoot(throttled),
    'echo max >"$group/memory.max"',
    {
      code: '4',
      says: /Another program changed memory\.max/,
    },
  ),
  ends('kill -9 of an emulating harness', 'nothing stays', asRoot(throttled), 'kill -KILL $run', {
    code: '137',
    says: /^/,
  }),
  ends(
    'a second emulation beside the first',
    'no verdict for the second, which names the first',
    asRoot(throttled),
    `${stress('--connections 1 --duration 5').replace('/runs', '/second')} 2>${out}/second.said >/dev/null; [ $? = 4 ] && cat ${out}/second.said >>${out}/said; kill -TERM $run`,
    { code: '143', says: /Another run \(process \d+\) emulates instances on this machine/ },
  ),
  ends(
    'an app that takes more than 949 MiB',
    'the kernel kills it, and the verdict is memory',
    `echo '${leak}' >${out}/leak.cjs; ${asRoot(stress(`--connections 2 --duration 60 --app "node ${out}/leak.cjs"`))}`,
    'true',
    { code: '3', says: /^/ },
  ),
];

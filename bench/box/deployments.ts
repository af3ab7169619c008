// Set-up, and deployments as a build of Jenkins makes them: good ones, and releases that are broken.
import { differs, type Fault, noneFailed, underLoad } from './fault.ts';
import type { Guest } from './guest.ts';
import type { Said } from './ssh.ts';

const workspace = '/var/lib/headroom-build/agent/workspace';
const home = `cd ${workspace}`;
const server = 'dist/app/server.js';
/** As Jenkins' agent has them, with limits for an emulated CPU. */
const settings =
  'HEADROOM_SITE=/etc/nginx/conf.d/headroom.conf HEADROOM_SITE_URL=http://127.0.0.1:5000/ HEADROOM_START_S=300 HEADROOM_RELOAD_S=600';

const setUp =
  'cd /opt/headroom && PATH=/opt/box/bin:$PATH GITHUB_OWNER=me GITHUB_REPOSITORY=app HEADROOM_RETRY_S=0 deploy/ec2/set-up.sh';
const buildLogin =
  'runuser -u jenkins -- ssh -i /etc/headroom/secrets/BUILD_KEY -o StrictHostKeyChecking=no headroom-build@127.0.0.1 id -un';

/** Packages are linked: copying thousands of files takes an emulated CPU minutes. */
const makeWorkspace = `mkdir -p ${workspace} && cd /opt/headroom && cp -al node_modules ${workspace} &&
  tar --exclude=./node_modules -cf - . | tar -xf - -C ${workspace} && chown -R headroom-build: /var/lib/headroom-build/agent`;

const asBuild = (command: string): string => `${home} && runuser -u headroom-build -- env ${settings} ${command}`;
const release = ({ sh }: Guest): Promise<Said> => sh(asBuild('deploy/release.sh'));
const live = async ({ sh }: Guest): Promise<string> => (await sh('readlink /srv/headroom/current')).out;
const current = 'headroom@current.service';

/** The build changes, is released, and is as before. */
async function releaseChanged(guest: Guest, change: string) {
  const before = await live(guest);
  await guest.sh(`${home} && cp -a dist dist.whole && ${change}`);
  const { code, err } = await release(guest);
  await guest.sh(`${home} && rm -rf dist && mv dist.whole dist`);
  return { code, err, stays: (await live(guest)) === before };
}

/** `broken`: a command that changes dist/. */
function deployment(name: string, invariant: string, change: string, expected: { code: number; says: RegExp }): Fault {
  return {
    name,
    invariant,
    inject: underLoad(
      (guest) => releaseChanged(guest, change),
      async ({ code, err, stays }, visits, { sh }) => [
        ...differs('exit code', code, expected.code),
        ...differs('the current release stays', String(stays), String(expected.code !== 0)),
        ...(expected.says.test(err) ? [] : [`it said: ${err}`]),
        ...noneFailed(visits),
        ...differs('headroom@next', (await sh('systemctl is-active headroom@next')).out, 'inactive'),
      ],
    ),
  };
}

const onPort8000 = "if (process.env.PORT === '8000') throw new Error('broken');";
/** The module that only workers load. */
const worker = `$(sed -n 's|.*runWorker } = await import("./\\(.*\\)");|\\1|p' ${server})`;

/** What everything else builds on. */
export const preparation: readonly Fault[] = [
  {
    name: 'set-up.sh on a new box',
    invariant: 'completes, and Jenkins can log in as the user of builds',
    async inject({ sh }) {
      const { code, out, err } = await sh(setUp);
      const login = await sh(buildLogin);
      return [
        ...differs('exit code', code, 0),
        ...(out.endsWith('set-up.sh: set-up complete') ? [] : [`it ended with: ${err.split('\n').at(-1)}`]),
        ...differs('user of builds', login.out || login.err, 'headroom-build'),
      ];
    },
  },
  {
    name: 'first release',
    invariant: 'is live behind nginx, in a unit with an exposure under 1.0',
    async inject(guest) {
      await guest.sh(makeWorkspace);
      const { code, err } = await release(guest);
      const { out } = await guest.sh(`systemd-analyze security --no-pager ${current} | tail -n 1`);
      const exposure = Number(/: ([\d.]+)/.exec(out)?.[1]);
      return [...(code === 0 ? [] : [`exit code ${code}: ${err}`]), ...(exposure < 1 ? [] : [`exposure ${exposure}`])];
    },
  },
];

export const deployments: readonly Fault[] = [
  {
    name: 'set-up.sh again',
    invariant: 'changes nothing that runs: no redirect fails',
    inject: underLoad(
      ({ sh }) => sh(setUp),
      ({ code }, visits) => [...differs('exit code', code, 0), ...noneFailed(visits)],
    ),
  },
  deployment('release under load', 'no redirect fails', 'true', { code: 0, says: /is live on port 8000$/m }),
  deployment(
    'release with another primary process under load',
    'no redirect fails',
    'echo "// changed" >>dist/app/cluster/fleet.js',
    { code: 0, says: /is live on port 8000$/m },
  ),
  deployment(
    'release that does not start',
    'exit 1 with the end of its log, no redirect fails',
    `echo "throw new Error('broken')" >${server}`,
    { code: 1, says: /failed its check and was not deployed[\s\S]*broken/ },
  ),
  deployment(
    'release whose workers fail once it is current',
    'is rolled back, no redirect fails',
    `sed -i "1i ${onPort8000}" dist/app/${worker}`,
    { code: 1, says: /does not respond; rolling back to .*\n.*is live again/ },
  ),
  deployment(
    'release whose primary process fails once it is current',
    'is rolled back, no redirect fails',
    `sed -i "1i ${onPort8000}" ${server}`,
    { code: 1, says: /does not respond; rolling back to [\s\S]*is live again/ },
  ),
  {
    name: 'stop.sh in a crash loop',
    invariant: 'stops it',
    async inject({ sh }) {
      const link = '/srv/headroom/current/dist/app/server.js';
      await sh(`mv ${link} ${link}.whole; echo "process.exit(1)" >${link}; systemctl restart ${current}; sleep 3`);
      const { code, err } = await sh(asBuild('deploy/stop.sh current'));
      const { out } = await sh(`systemctl is-active ${current}; mv ${link}.whole ${link}; systemctl start ${current}`);
      return [
        ...differs('exit code', code, 0),
        ...differs('the unit', out, 'inactive'),
        ...(/current: stopped/.test(err) ? [] : [err]),
      ];
    },
  },
  {
    name: 'power cut in the middle of a release',
    invariant: 'the site comes back by itself, and the next release works',
    inject: underLoad(
      async (guest) => {
        await guest.sh(`systemd-run --quiet --collect bash -c '${asBuild('deploy/release.sh')}'`);
        await guest.sh('for n in $(seq 120); do systemctl is-active --quiet headroom@next && break; sleep 1; done');
        await guest.cutPower();
        await guest.start();
        return release(guest);
      },
      ({ code, err }) => (code === 0 ? [] : [`exit code ${code}: ${err}`]),
    ),
  },
];

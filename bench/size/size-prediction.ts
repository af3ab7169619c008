// Capacity of a t2.micro predicted from a run on a t2.medium, against the run on the t2.micro itself; both emulated, in both states.
// It takes a quarter of an hour; `size-prediction:home/1` does the home page once.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Profile } from '../../model/profile.ts';
import { output, tempFolder } from '../program.ts';
import { median, print } from '../rounds.ts';

export const claim =
  'capacity of a t2.micro with credits and without, predicted from a t2.medium: within 10 % of the measured one (median of 5), for the redirects of the usual mix and for the home page, which costs more CPU';

const repeats = 5;
const routes = {
  redirects: undefined,
  home: [{ name: 'home', method: 'GET' as const, path: '/', weight: 1, headers: {}, expect: [200] }],
} as const;

type Graded = {
  readonly instanceType: string;
  readonly state: string;
  readonly errorPercent: number;
  readonly text: string;
};

async function once(route: keyof typeof routes): Promise<readonly Graded[]> {
  const folder = tempFolder();
  const file = join(folder, 'profile.json');
  const mix = routes[route];
  const profile: Profile = {
    name: 'prediction',
    description: '',
    timeoutS: 5,
    stages: [
      { kind: 'idle', name: 'at rest', durationS: 2 },
      { kind: 'closed', name: 'warm-up', connections: 8, durationS: 12, warmUp: true },
      { kind: 'ladder', name: 'ladder', connections: [1, 2, 4, 8, 16, 32], durationS: 5, minGain: 0.05 },
      // As the built-in profile has it: what the app does at rest counts, and before the load it is still busy with its start.
      { kind: 'idle', name: 'recovery', durationS: 3 },
    ],
    thresholds: [],
    autostop: [],
    ...(mix && { routes: mix.map((each) => ({ ...each, expect: [...each.expect] })) }),
  };
  writeFileSync(file, JSON.stringify(profile));
  // The build, as users run it: the sources' loader works beside the app while it starts.
  const words = ['launch.js', 'cli', 'stress', '--instances', 't2.medium,t2.micro', '--emulate', 'always'];
  const flags = ['--profile', file, '--out', join(folder, 'runs'), '--json', '--quiet'];
  return JSON.parse(await output(process.execPath, ...words, ...flags)).predictions;
}

/** Prints every prediction and the medians. */
export async function run(part?: string): Promise<boolean> {
  const [, only, count = repeats] = /^(redirects|home)(?:\/(\d+))?$/.exec(part ?? '') ?? [];
  if (part !== undefined && only === undefined) throw new Error(`no part ${part}; a part is like home/1`);
  let holds = true;
  for (const route of ['redirects', 'home'] as const) {
    if (only !== undefined && only !== route) continue;
    const errors: Record<string, number[]> = {};
    for (let repeat = 0; repeat < Number(count); repeat++) {
      for (const graded of await once(route)) {
        print(`${route}: ${graded.text}`);
        if (graded.instanceType !== 't2.micro') continue;
        errors[graded.state] = [...(errors[graded.state] ?? []), Math.abs(graded.errorPercent)];
      }
    }
    for (const [state, found] of Object.entries(errors)) {
      const middle = median(found);
      print(`${route}, ${state}: median error ${middle.toFixed(1)} % of ${found.length}`);
      holds = holds && middle <= 10;
    }
  }
  return holds;
}

// The whole Jenkinsfile on loopback: clone, real npm ci, tests, deployment behind nginx, stress, published report; then what
// deployments cost visitors.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Box, startBox } from '../../test/jenkins-box.ts';
import { startLoad } from '../../test/steady-load.ts';
import { print } from '../rounds.ts';

export const claim =
  'from a clone to its published report in under 10 minutes; deployments under load, also a broken one: 0 failed requests';

const limitS = 600;

/** Prints the stages, what Jenkins would archive, and the requests of each deployment. */
export async function run(): Promise<boolean> {
  const startedAt = performance.now();
  const box = await startBox();
  try {
    // The whole test suite has its own build; this is a part of it.
    const environment = { HEADROOM_NPM_CI: '', HEADROOM_TESTS: 'model monitors' };
    const build = await box.build({ environment, parameters: { PROFILE: 'stress' } });
    const tookS = (performance.now() - startedAt) / 1000;
    for (const { name, status, durationS } of build.stages)
      print(`${name.padEnd(9)} ${status.padEnd(9)} ${durationS} s`);
    print(`${build.result}: ${build.description ?? 'no verdict'}`);
    print(`in all ${Math.round(tookS)} s`);
    for (const { files = [] } of build.events.filter(({ step }) => step === 'archiveArtifacts') as {
      files?: string[];
    }[])
      print(`archived: ${files.map((name) => name.replace('runs/last/', '')).join(' ')}`);
    const published = build.events.some(({ step }) => step === 'publishHTML');
    const deployments = [
      await deploy(box, 'a second time', 0),
      await deploy(box, 'with another primary process', 0, 'cluster/fleet.js', (text) => `${text}// changed\n`),
      await deploy(box, 'broken', 1, 'server.js', () => 'throw new Error("broken");\n'),
    ];
    return published && tookS < limitS && deployments.every(Boolean);
  } finally {
    await box.close();
  }
}

async function deploy(
  box: Box,
  what: string,
  expected: number,
  name?: string,
  change?: (text: string) => string,
): Promise<boolean> {
  const file = name && join(box.workspace, 'dist', 'app', name);
  const whole = file && readFileSync(file, 'utf8');
  if (file && whole !== undefined && change) writeFileSync(file, change(whole));
  const load = startLoad(box.site, { writes: name === undefined });
  const { code } = await box.script('release.sh');
  const { answered, failed } = await load.stop();
  if (file && whole !== undefined) writeFileSync(file, whole);
  print(`deployed ${what}: exit ${code}, ${answered} requests answered meanwhile, ${failed.length} failed`);
  return code === expected && failed.length === 0;
}

import { expect, test } from '@jest/globals';
import { readRun } from '../../../model/run-folder.ts';
import type { RunRecord } from '../../../model/run-record.ts';
import type { CommandRecord } from '../../../model/stage/command-record.ts';
import { findBuilds } from '../../measured/builds.ts';
import { textOf } from '../../messages/text-of.ts';
import { found } from '../../schema/verdict-findings.ts';
import { fixture } from '../fixture.ts';

const run = readRun(fixture('rebuild'));
const on = (instanceType: string, changes: Partial<CommandRecord> = {}): { run: RunRecord; observed: undefined } => ({
  run: {
    ...run,
    target: { ...run.target, instanceType },
    stages: run.stages.map(({ command, ...stage }) =>
      command ? { ...stage, command: { ...command, ...changes } } : stage,
    ),
  },
  observed: undefined,
});
const textFor = (...runs: readonly ReturnType<typeof on>[]): string =>
  textOf(found('builds-compared', { builds: findBuilds(runs) ?? [] }));

test('a build is compared over the types that it ran on', () => {
  expect(findBuilds([on('t2.medium')])).toEqual([
    {
      instanceType: 't2.medium',
      line: 'npm run build',
      durationS: 33.6,
      vcpuS: 48.4,
      memoryBytes: 742e6,
      p99Us: { from: expect.any(Number), to: expect.any(Number) },
    },
  ]);
  expect(textFor(on('t2.medium'), on('t2.micro', { durationS: 61 }))).toBe(
    'A build takes 34 s on the t2.medium (p99 rose from 5.68 ms to 99.0 ms) and 1 min 1 s on the t2.micro (p99 rose from 5.68 ms to 99.0 ms); each ran once, without an interval',
  );
});

test('a build that does not end, fails, or needs more memory is compared too', () => {
  const text = textFor(
    on('t2.large'),
    on('t2.small', { signal: 'SIGTERM', stopped: true }),
    on('t2.micro', { exitCode: 2 }),
    on('t2.nano', { signal: 'SIGKILL', outOfMemory: 1 }),
  );
  expect(text).toContain('had not ended after 34 s on the t2.small');
  expect(text).toContain('failed on the t2.micro');
  expect(text).toContain('needs more memory than the t2.nano has');
});

test('without a command, or an instance type, there is nothing to compare', () => {
  const { instanceType: _, ...target } = run.target;
  expect(findBuilds([{ run: { ...run, target }, observed: undefined }])).toBeUndefined();
  expect(findBuilds([{ run: readRun(fixture('complete')), observed: undefined }])).toBeUndefined();
});

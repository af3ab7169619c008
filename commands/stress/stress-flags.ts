// The flags of `headroom stress`.
import type { Argv } from 'yargs';
import { builtInProfiles } from '../../loadtest/profiles/load-profile.ts';
import { trafficFlags } from '../size/traffic-flags.ts';
import { emulationFlags } from './emulation.ts';
import { pairFlags } from './pair.ts';

/** Declares them to yargs. */
export const stressFlags = (yargs: Argv) =>
  pairFlags(trafficFlags(emulationFlags(yargs)))
    .option('target', {
      type: 'string',
      requiresArg: true,
      describe:
        'what to stress; else the shortener is started. Without a path: the request mix of a shortener; with one, or with --expect: that GET',
    })
    .option('expect', {
      type: 'string',
      requiresArg: true,
      describe: 'statuses that are a success, like 302,200 (one page; default 2xx and 3xx)',
    })
    .option('allow-host', {
      type: 'string',
      requiresArg: true,
      describe: 'the host of a target that is not this machine, repeated in full',
    })
    .option('insecure', { type: 'boolean', default: false, describe: 'take any certificate of an https target' })
    .option('profile', {
      type: 'string',
      requiresArg: true,
      describe: `${builtInProfiles.join(', ')} or FILE.json (default: stress)`,
    })
    .option('rate', {
      type: 'number',
      requiresArg: true,
      describe: 'arrivals per second: with --duration one open stage, with --profile the rate of that profile',
    })
    .option('connections', {
      type: 'number',
      requiresArg: true,
      describe: 'with --duration one closed stage, instead of a profile',
    })
    .option('duration', {
      type: 'number',
      requiresArg: true,
      describe: 'seconds of the stage, or of the main stage of the profile',
    })
    .option('poisson', {
      type: 'boolean',
      default: false,
      describe: 'arrivals as independent users come, not evenly spaced',
    })
    .option('seed', { type: 'number', requiresArg: true, default: 1, describe: 'of everything random in the run' })
    .option('threshold', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: "judge by this instead of the profile's own, like 'latency.p99 < 100ms' (repeatable)",
    })
    .option('slo', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe: "what a capacity probe must meet, like 'latency.p99 < 100ms' (repeatable)",
    })
    .option('margin', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        "with two --instances: how much worse the last one may be and still do, like 'latency.p99 +10ms' (repeatable)",
    })
    .option('during', {
      type: 'string',
      requiresArg: true,
      describe: 'a shell line to run in mid-run (--profile rebuild)',
    })
    .option('metrics', {
      type: 'string',
      array: true,
      requiresArg: true,
      nargs: 1,
      describe:
        'where the host metrics come from: local, datadog, node-exporter=URL or none; repeatable, and the first one judges (default: local, when the target runs on this machine)',
    })
    .option('host', {
      type: 'string',
      requiresArg: true,
      describe: "the target's name in Datadog, on EC2 mostly the instance id: i-0abc...",
    })
    .option('publish', {
      type: 'boolean',
      default: false,
      describe: 'send the load to Datadog as metrics, and begin and verdict as events (needs --host)',
    })
    .option('mute', {
      type: 'boolean',
      default: false,
      describe: "a downtime over the run: the host's monitors of headroom's tell nobody (needs --host)",
    })
    .option('drill', {
      type: 'boolean',
      default: false,
      describe: 'follow the monitors: one that had to fire and stays silent fails the run (needs --host)',
    })
    .option('generators', {
      type: 'number',
      requiresArg: true,
      describe: 'processes that make the load (default: as many as the target leaves cores for)',
    })
    .option('shard', {
      type: 'string',
      requiresArg: true,
      describe: 'I/N: run the I-th of N parts of the profile; needs --start-at',
    })
    .option('start-at', {
      type: 'string',
      requiresArg: true,
      describe: 'when all shards begin, like 2026-01-31T12:00:00Z',
    })
    .option('out', { type: 'string', requiresArg: true, default: 'runs', describe: 'folder for the run folders' })
    .option('name', { type: 'string', requiresArg: true, describe: 'what to call the run' })
    .option('ui', {
      type: 'boolean',
      default: false,
      describe: 'a live page in the browser of this machine: the charts as they grow, and a button that stops the run',
    })
    .option('json', { type: 'boolean', default: false, describe: 'one JSON document on stdout, all talk on stderr' })
    .option('quiet', { type: 'boolean', default: false, describe: 'no progress' });

export type StressFlags = Awaited<ReturnType<typeof stressFlags>['argv']>;

// The flags of `headroom stress` that say which load is sent.
import { builtInProfiles } from '../../../loadtest/profiles/load-profile.ts';
import type { Flags } from '../../cli/flags.ts';

export const profileFlag = {
  profile: {
    type: 'string',
    requiresArg: true,
    describe: `Load profile: ${builtInProfiles.join(', ')} or FILE.json (default: stress).`,
  },
} as const satisfies Flags;

export const loadFlags = {
  har: {
    type: 'string',
    requiresArg: true,
    describe: 'HAR file of a browser: users send its requests to the site in order, with its pauses (at most 10 s).',
  },
  once: {
    type: 'boolean',
    default: false,
    describe: 'Send each route, or each step of a walk, once, and print request and response instead of a load.',
  },
  rate: {
    type: 'number',
    requiresArg: true,
    describe: 'Arrivals per second, for one open stage with --duration or for a --profile.',
  },
  connections: {
    type: 'number',
    requiresArg: true,
    describe: 'Connections of one closed stage, with --duration and without --profile.',
  },
  duration: {
    type: 'number',
    requiresArg: true,
    describe: "Seconds that the stage, or the profile's main stage, lasts.",
  },
  poisson: {
    type: 'boolean',
    default: false,
    describe: 'Space arrivals randomly, like independent users, instead of evenly.',
  },
  during: {
    type: 'string',
    requiresArg: true,
    describe:
      "Shell command to run beside a light load, like 'make' (default: headroom's own build; also with --profile rebuild).",
  },
  generators: {
    type: 'number',
    requiresArg: true,
    describe:
      'Load generator processes (default: as many as the arrival rate needs, at most one fewer than cores and 8).',
  },
  trace: {
    type: 'number',
    requiresArg: true,
    describe: 'Share of the requests of open stages that carry a traceparent header, like 0.01.',
  },
  shard: {
    type: 'string',
    requiresArg: true,
    describe: 'Send part I of N of the load, as I/N, with --start-at; auto reads both from the CI system.',
  },
  'start-at': {
    type: 'string',
    requiresArg: true,
    describe:
      'Time at which all shards start: 2026-01-31T12:00:00Z, next:10m (the next multiple) or pipeline+10m (GitLab).',
  },
  seed: { type: 'number', requiresArg: true, default: 1, describe: 'Seed of everything random in the run.' },
} as const satisfies Flags;

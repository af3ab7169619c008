// The flags of `headroom stress` that say what is loaded and how its host is observed.
import type { Flags } from '../../cli/flags.ts';

export const targetFlag = {
  target: {
    type: 'string',
    requiresArg: true,
    describe: 'URL to load, like http://127.0.0.1:3000/page (default: the URL shortener that headroom starts).',
  },
} as const satisfies Flags;

export const targetFlags = {
  expect: {
    type: 'string',
    requiresArg: true,
    describe: 'HTTP statuses that count as success, like 302,200 (default: 200 to 399).',
  },
  header: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe:
      "Header of all requests, like 'Accept: text/html' or 'Authorization: $TOKEN' for that variable (repeatable; values are not stored).",
  },
  method: {
    type: 'string',
    requiresArg: true,
    describe: 'Method of the requests to --target (default: GET, with --body POST).',
  },
  body: {
    type: 'string',
    requiresArg: true,
    describe: 'Body of the requests to --target: the text, or @FILE.',
  },
  timeout: {
    type: 'number',
    requiresArg: true,
    describe: 'Seconds after which a request is a time-out, 2 to 300 (default: 5, or that of the profile).',
  },
  routes: {
    choices: ['shortener'] as const,
    describe:
      "Send the mix of headroom's shortener (default where the target says that it is one; else a GET of its URL).",
  },
  'allow-host': {
    type: 'string',
    requiresArg: true,
    describe: 'Confirm a target on another machine: repeat its host name in full.',
  },
  insecure: { type: 'boolean', default: false, describe: 'Accept any TLS certificate of the target.' },
  instance: {
    type: 'string',
    requiresArg: true,
    describe: 'Instance type that the target runs on, like t2.medium (default on EC2: that of this instance).',
  },
  pair: {
    type: 'string',
    requiresArg: true,
    describe: 'Second target to compare: it gets the same load (--allow-host A,B allows two hosts).',
  },
  'pair-instance': { type: 'string', requiresArg: true, describe: 'Instance type that --pair runs on, like t2.micro.' },
  'pair-order': {
    choices: ['abba', 'at-once'] as const,
    describe: 'Load the pair in turn as A, B, B, A, so that drift affects both, or both at once (default: abba).',
  },
  metrics: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe:
      'Source of host metrics: local, datadog, node-exporter=URL or none (repeatable; the first is judged; default: local for a target on this machine).',
  },
  host: {
    type: 'string',
    requiresArg: true,
    describe:
      "The target's host name in Datadog: on EC2 usually the instance id, like i-0abc (default on EC2: that of this instance).",
  },
} as const satisfies Flags;

// The flags of `headroom stress` about an app of the user's own.
import type { Flags } from '../../cli/flags.ts';

export const appFlag = {
  app: {
    type: 'string',
    requiresArg: true,
    describe:
      "Shell command that starts your app on $PORT with $WEB_CONCURRENCY processes, like 'node server.js' (then nothing but it is loaded).",
  },
} as const satisfies Flags;

export const appFlags = {
  'app-dir': { type: 'string', requiresArg: true, describe: 'Folder in which --app and --during run.' },
  ready: {
    type: 'string',
    requiresArg: true,
    describe: 'Path that must answer with success before the load (default: / must answer, whatever the status).',
  },
  path: {
    type: 'string',
    array: true,
    requiresArg: true,
    nargs: 1,
    describe: 'Path to GET, like /cart (repeatable: each gets the same share; default: /).',
  },
  'app-pid': {
    type: 'number',
    requiresArg: true,
    describe: 'Process that is the app behind --target, with its children (default: what listens on the port).',
  },
  'app-unit': {
    type: 'string',
    requiresArg: true,
    describe: 'systemd unit that is the app behind --target, like shop.service.',
  },
} as const satisfies Flags;

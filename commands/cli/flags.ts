// What the flags of all commands share.
import type { Argv, CommandModule, Options } from 'yargs';
import { type Command, commandLine, type Invocation } from '../../model/command-line.ts';

export type Flags = Readonly<Record<string, Options>>;

export const outputFlags = inGroup('Output', {
  json: {
    type: 'boolean',
    default: false,
    describe: 'Print one JSON document on stdout, and messages on stderr.',
  },
  quiet: { type: 'boolean', default: false, describe: 'Print only errors.' },
});

/** The flags with the heading under which --help lists them. */
export function inGroup<const F extends Flags>(heading: string, flags: F): F {
  const entries = Object.entries(flags).map(([name, flag]) => [name, { ...flag, group: `${heading}:` }] as const);
  return Object.fromEntries(entries) as unknown as F;
}

/** A command with what it does, as the user would type it. */
export type Example = readonly [words: readonly string[], does: string];

/** Puts usage line and examples into --help, in the form in which the user started headroom. */
export function describeUsage<T>(
  yargs: Argv<T>,
  invocation: Invocation,
  command: Command,
  help: { readonly args: string; readonly about: string; readonly examples?: readonly Example[] },
): Argv<T> {
  const { args, about, examples = [] } = help;
  return yargs
    .usage(`${commandLine(invocation, command)} ${invocation === 'npm run' ? '-- ' : ''}${args}\n\n${about}`)
    .example(examples.map(([words, does]): [string, string] => [commandLine(invocation, command, words), does]));
}

/** A subcommand of `parent`, with such a usage line. */
export function subcommand<F>(
  invocation: Invocation,
  parent: Command,
  module: CommandModule<object, F>,
): CommandModule<object, F> {
  const help = { args: `${module.command} [flags]`, about: `${module.describe}` };
  const declare = module.builder as (yargs: Argv<object>) => Argv<F>;
  return { ...module, builder: (yargs) => declare(describeUsage(yargs, invocation, parent, help)) };
}

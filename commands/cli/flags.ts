// What the flags of all commands share.
import type { ArgumentsCamelCase, Argv, CommandModule, InferredOptionTypes, Options, PositionalOptions } from 'yargs';
import { type Command, commandLine, type Invocation } from '../../model/command-line.ts';

export type Flags = Readonly<Record<string, Options>>;

/** A flag with a value. */
export const textFlag = (describe: string) => ({ type: 'string', requiresArg: true, describe }) as const;
export const numberFlag = (describe: string) => ({ type: 'number', requiresArg: true, describe }) as const;
/** A flag that may be repeated, each time with one value. */
export const listFlag = (describe: string) =>
  ({ type: 'string', array: true, requiresArg: true, nargs: 1, describe }) as const;
/** A flag without a value. */
export const switchFlag = (describe: string) => ({ type: 'boolean', default: false, describe }) as const;

/** Beside `outputFlags`, of commands whose result has more than a screen. */
export const verboseFlag = switchFlag('Print every stage, the three questions and the sizing.');

export const outputFlags = inGroup('Output', {
  json: switchFlag('Print one JSON document on stdout, and messages on stderr.'),
  quiet: switchFlag('Print only errors.'),
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

/** A command that takes these flags and, before them, these words. */
export function defineCommand<const F extends Flags, const P extends Flags = Record<never, never>>(module: {
  readonly command: string;
  readonly describe: string;
  readonly words?: P;
  readonly flags: F;
  readonly handler: (argv: ArgumentsCamelCase<InferredOptionTypes<F & P & typeof outputFlags>>) => void | Promise<void>;
}): CommandModule {
  const { words = {}, flags, handler, ...rest } = module;
  const declare = (yargs: Argv): Argv =>
    Object.entries(words as Flags)
      .reduce((all, [name, word]) => all.positional(name, word as PositionalOptions), yargs)
      .options({ ...flags, ...outputFlags });
  return { ...rest, builder: declare, handler: handler as unknown as CommandModule['handler'] };
}

/** The subcommands of `parent`, each with such a usage line. */
export function subcommands(
  yargs: Argv,
  invocation: Invocation,
  parent: Command,
  modules: readonly CommandModule[],
): Argv {
  return modules.reduce((all, module) => {
    const help = { args: `${module.command} [flags]`, about: `${module.describe}` };
    const declare = module.builder as (yargs: Argv) => Argv;
    return all.command({ ...module, builder: (own) => declare(describeUsage(own, invocation, parent, help)) });
  }, yargs);
}

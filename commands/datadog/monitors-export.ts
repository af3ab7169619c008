// `headroom monitors export`: the monitors as files for Datadog's API, Terraform or Prometheus.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { UserError } from '../../model/user-error.ts';
import { makeFolder, replaceFile } from '../../model/write-run.ts';
import type { CommandContext } from '../cli/context.ts';
import { defineCommand, inGroup, textFlag } from '../cli/flags.ts';
import { printAnswer } from '../cli/print-answer.ts';
import { withDatadog } from './datadog-account.ts';
import { chooseDefinitions, definitionFlags } from './monitor-flags.ts';

const flags = {
  ...definitionFlags,
  ...inGroup('Start here', {
    format: {
      choices: ['json', 'terraform', 'prometheus'],
      requiresArg: true,
      demandOption: true,
      describe:
        "json: as Datadog's API takes it. terraform: datadog_monitor_json. prometheus: alert rules and their tests.",
    } as const,
    out: textFlag('Folder to write to (default: stdout, without the tests of Prometheus rules).'),
  }),
};

/** The command for yargs. */
export function exportCommand(context: CommandContext) {
  return defineCommand({
    command: 'export',
    describe: 'Write the monitors as JSON, Terraform or Prometheus rules.',
    flags,
    handler: async (argv) => {
      const { host, format, out } = argv;
      const definitions = await chooseDefinitions(argv, context.environment);
      if (out !== undefined) checkFolder(out);
      const ids = format === 'terraform' ? await storedIds(context, argv) : undefined;
      const { exportMonitors } = await import('../../monitors/export/export.ts');
      const { files, warnings } = exportMonitors(format, definitions, host, ids);
      if (!argv.quiet) for (const { text } of warnings) context.stderr.write(`note: ${text}\n`);
      const found = warnings.length > 0 ? { warnings } : {};
      if (out === undefined) {
        if (argv.json) printAnswer(context, argv, { document: { host, format, files, ...found }, text: '' });
        // The file is the result: --quiet does not silence it.
        else context.stdout.write(files[0]?.content ?? '');
        return;
      }
      const paths = files.map(({ name }) => join(out, name));
      writeInto(out, files);
      const document = { host, format, files: paths, ...found };
      printAnswer(context, argv, { document, text: paths.map((path) => `Written: ${path}`).join('\n') });
    },
  });
}

function writeInto(out: string, files: readonly { readonly name: string; readonly content: string }[]): void {
  try {
    makeFolder(out);
    for (const { name, content } of files) replaceFile(join(out, name), content);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError(`the monitors cannot be written to ${out} (${code}): give a writable folder with --out`, {
      cause,
    });
  }
}

function checkFolder(out: string): void {
  if (existsSync(out) && !statSync(out).isDirectory()) throw new UserError(`--out ${out} is a file: give a folder`);
}

/** The ids of headroom's monitors in Datadog by key; undefined without keys. */
async function storedIds(
  context: CommandContext,
  argv: Parameters<typeof withDatadog>[1] & { readonly host: string },
): Promise<ReadonlyMap<string, number> | undefined> {
  const { DD_API_KEY, DD_APP_KEY } = context.environment;
  if (!DD_API_KEY || !DD_APP_KEY) {
    if (!argv.quiet) context.stderr.write('note: without import blocks: DD_API_KEY and DD_APP_KEY are not set\n');
    return undefined;
  }
  const { listMonitors } = await import('../../monitors/plan/manage.ts');
  const ids = new Map<string, number>();
  await withDatadog(context, argv, async ({ datadog }) => {
    const { document } = await listMonitors({ datadog, host: argv.host });
    for (const { key, id } of document.monitors) if (!ids.has(key)) ids.set(key, id);
  });
  return ids;
}

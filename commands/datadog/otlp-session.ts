// `--publish otlp=URL`: the load as metrics by OpenTelemetry's protocol, during one run.
import type { Finding } from '../../model/finding.ts';
import type { RunRecord } from '../../model/run-record.ts';
import type { Line } from '../../model/second.ts';
import { UserError } from '../../model/user-error.ts';
import { optionalInstall } from '../cli/machine.ts';
import { flushEveryMs } from './datadog-session.ts';
import { publishedRun } from './service-tags.ts';

export type OtlpSession = {
  onLine(line: Line): void;
  /** Sends the rest; returns what could not be published. */
  ended(): Promise<readonly Finding[]>;
  close(): void;
};

/** Where --publish sends metrics to. */
type PublishChoice = { readonly datadog: boolean; readonly otlp: URL | undefined };

/** Reads the values of --publish: none or `datadog`, and `otlp=URL`. Throws a UserError for anything else. */
export function choosePublish(values: readonly string[] | undefined): PublishChoice {
  if (values === undefined) return { datadog: false, otlp: undefined };
  const urls = values.filter((each) => each.startsWith('otlp=')).map((each) => each.slice('otlp='.length));
  const wrong = values.find((each) => !['', 'datadog'].includes(each) && !each.startsWith('otlp='));
  if (wrong !== undefined)
    throw new UserError(`--publish ${wrong}: expected datadog, or otlp=URL like otlp=http://127.0.0.1:4318`);
  if (urls.length > 1) throw new UserError('--publish has two addresses of OTLP: give one');
  const [text] = urls;
  const url = text === undefined ? undefined : URL.parse(text);
  if (text !== undefined && !(url && /^https?:$/.test(url.protocol)))
    throw new UserError(`--publish otlp=${text} is not an address: write it like otlp=http://127.0.0.1:4318`);
  return { datadog: urls.length < values.length || values.length === 0, otlp: url ?? undefined };
}

/** OpenTelemetry's packages take 28 MB: only who publishes to it installs them. */
async function loadOtlp() {
  try {
    return await import('../../monitors/otlp/otlp.ts');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw cause;
    throw new UserError(`--publish otlp needs OpenTelemetry's exporter. Install it: ${optionalInstall()}`, { cause });
  }
}

/** Throws a UserError when the packages are missing, or the address does not take metrics. */
export async function checkOtlp(url: URL): Promise<void> {
  const { connectOtlp } = await loadOtlp();
  const destination = connectOtlp(url, { id: 'check', profile: 'check', host: url.hostname, tags: [] });
  await destination.check().finally(() => destination.close());
}

/** Before the load. `host` is the target's name. */
export async function openOtlpSession(
  url: URL,
  run: RunRecord,
  { host, environment }: { readonly host: string; readonly environment: NodeJS.ProcessEnv },
): Promise<OtlpSession> {
  const { connectOtlp } = await loadOtlp();
  const { createPublisher } = await import('../../monitors/datadog/publish.ts');
  const { systemClock } = await import('../../monitors/datadog/clock.ts');
  const about = publishedRun(run, host, environment);
  const destination = connectOtlp(url, about);
  const publisher = createPublisher(destination, about, systemClock);
  // Failures are kept by the publisher and reported at the end.
  const flushing = setInterval(() => void publisher.flush(), flushEveryMs).unref();
  return {
    onLine: (line) => publisher.line(line),
    ended: () => publisher.ended('', true),
    close: () => {
      clearInterval(flushing);
      void destination.close();
    },
  };
}

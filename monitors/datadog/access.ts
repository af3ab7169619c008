// The address and the keys of the Datadog API.
import { UserError } from '../../model/user-error.ts';

export type DatadogAccess = {
  readonly apiKey: string | undefined;
  readonly appKey: string | undefined;
  /** `datadoghq.com`, `datadoghq.eu`, ... */
  readonly site?: string | undefined;
  /** Replaces the whole address: a proxy, a test server. */
  readonly apiUrl?: string | undefined;
};

export type CheckedAccess = {
  readonly apiKey: string;
  readonly appKey: string;
  readonly site: string;
  readonly url: string;
  readonly apiUrl: string | undefined;
  /** The web pages where keys are created. */
  readonly apiKeyPage: string;
  readonly appKeyPage: string;
};

/** Throws a UserError that names what is missing and where to get it. */
export function checkAccess({ apiKey, appKey, site = 'datadoghq.com', apiUrl }: DatadogAccess): CheckedAccess {
  if (!/^[a-z0-9-]+(\.[a-z0-9-]+)+$/.test(site) || /^(app|api)\./.test(site)) {
    throw new UserError(
      `DD_SITE ${site} is not a Datadog site. Use the name alone, for example datadoghq.eu or us3.datadoghq.com`,
    );
  }
  const keyPage = (name: string) =>
    `https://${site.split('.').length === 2 ? 'app.' : ''}${site}/organization-settings/${name}`;
  const apiKeyPage = keyPage('api-keys');
  const appKeyPage = keyPage('application-keys');
  if (!apiKey) throw new UserError(`DD_API_KEY is not set. Create a key at ${apiKeyPage}`);
  if (!appKey) throw new UserError(`DD_APP_KEY is not set. Create a key at ${appKeyPage}`);
  for (const [name, key] of [
    ['DD_API_KEY', apiKey],
    ['DD_APP_KEY', appKey],
  ] as const) {
    // It is blanked out of every answer: what is short stands in words by chance, and a quote is written in many ways.
    if (!/^[\w.~+/=-]{8,}$/.test(key))
      throw new UserError(`${name} is not a key: 8 or more letters, digits and . ~ + / = - _. Copy it again`);
  }
  const url = apiUrl ?? `https://api.${site}`;
  if (!URL.canParse(url)) throw new UserError(`${url} (from DD_API_URL or DD_SITE) is not a valid address`);
  if (new URL(url).username !== '' || new URL(url).password !== '')
    throw new UserError('DD_API_URL contains a user name or a password, which headroom does not send. Remove them');
  return { apiKey, appKey, site, url: url.replace(/\/+$/, ''), apiUrl, apiKeyPage, appKeyPage };
}

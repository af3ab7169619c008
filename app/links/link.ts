/** A short link as it is stored. */
export interface Link {
  readonly code: string;
  /** Where `GET /:code` redirects to: an absolute http(s) URL, or `/files/<name>` for a stored file. */
  readonly location: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
  /** Id of the visitor who created it; absent for seed links. */
  readonly owner?: string;
}

const FILE_PREFIX = '/files/';

/** The location of a stored file. */
export function fileLocation(name: string): string {
  return FILE_PREFIX + name;
}

/** Name of the stored file of a location; undefined when the location is a website. */
export function fileNameOf(location: string): string | undefined {
  return location.startsWith(FILE_PREFIX) ? location.slice(FILE_PREFIX.length) : undefined;
}

/**
 * The stored form of a link, without its code: three lines, the location first, so that a redirect reads only up to the
 * first line break and needs no parser. No field can contain a line break: locations are printable ASCII.
 */
export function encodeLink(link: Link): string {
  return `${link.location}\n${link.createdAt}\n${link.owner ?? ''}`;
}

/** The location of a stored link. */
export function locationIn(record: string): string {
  return record.slice(0, record.indexOf('\n'));
}

/** The link of its stored form. */
export function decodeLink(code: string, record: string): Link {
  const [location = '', createdAt = '', owner = ''] = record.split('\n');
  return { code, location, createdAt, ...(owner && { owner }) };
}

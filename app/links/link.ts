/** A short link as it is stored. */
export interface Link {
  readonly code: string;
  /** Where `GET /:code` redirects to: an absolute URL, or `/files/STORED[/NAME]` for a stored file. */
  readonly location: string;
  /** ISO-8601 UTC. */
  readonly createdAt: string;
  /** Id of the visitor who created it; absent for seed links. */
  readonly owner?: string;
}

/** A stored file: under which name it is stored, and which it had before, if that is known. */
interface StoredFile {
  readonly stored: string;
  readonly original?: string | undefined;
}

const FILE_PREFIX = '/files/';

/** The location of a stored file. */
export function fileLocation({ stored, original }: StoredFile): string {
  return FILE_PREFIX + stored + (original === undefined ? '' : `/${encodeURIComponent(original)}`);
}

/** The stored file of a location; undefined when the location is a website. */
export function fileOf(location: string): StoredFile | undefined {
  if (!location.startsWith(FILE_PREFIX)) return undefined;
  const [stored = '', original] = location.slice(FILE_PREFIX.length).split('/');
  return { stored, ...(original !== undefined && { original: decodeURIComponent(original) }) };
}

/** Where a location leads, for a person: the URL, or the name of the file. */
export function destinationOf(location: string): string {
  const file = fileOf(location);
  return file ? (file.original ?? 'A file') : location;
}

/**
 * The stored form of a link, without its code: three lines, the location first, so that a redirect reads only up to the
 * first line break and needs no parser. No field can contain a line break: locations are printable ASCII.
 */
export function encodeLink(link: Link): string {
  return `${link.location}\n${link.createdAt}\n${link.owner ?? ''}`;
}

/** Whether a text can be the stored form of a link. */
export function isRecord(text: string): boolean {
  return /^[!-~]+\n/.test(text);
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

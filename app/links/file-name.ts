import { CODE } from './code.ts';

const LONGEST = 100;

/** The name that a file had, without what would mislead or harm who downloads it; undefined when nothing is left. */
export function cleanFileName(text: string): string | undefined {
  const name = (text.split(/[/\\]/).at(-1) ?? '')
    // Control characters, direction marks (which can hide an extension), halves of characters, and what Windows forbids.
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}<>:"|?*]/gu, '')
    .trim()
    .replace(/^\.+/, '');
  const characters = [...name];
  if (characters.length <= LONGEST) return name || undefined;
  const extension = /\.[^.]{1,10}$/.exec(name)?.[0] ?? '';
  return characters.slice(0, LONGEST - extension.length).join('') + extension;
}

/** The Content-Disposition of a file with this name (RFC 6266, RFC 8187). */
export function disposition(type: 'inline' | 'attachment', name: string | undefined): string {
  if (name === undefined) return type;
  const ascii = name.replace(/[^\x20-\x7e]|[\\"%]/g, '_');
  const encoded = encodeURIComponent(name).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16)}`);
  return `${type}; filename="${ascii}"${ascii === name ? '' : `; filename*=UTF-8''${encoded}`}`;
}

/** The name of a stored file whose original name is not known. */
export function nameByCode(code: string, stored: string): string {
  return code + stored.slice(stored.lastIndexOf('.'));
}

/** How names of stored files begin: with the code, so that a sweep knows which link a file belongs to. */
export function codePart(code: string): string {
  return CODE.test(code) ? code : `~${Buffer.from(code).toString('base64url')}`;
}

/** The code of a stored file. */
export function codeOfFile(name: string): string {
  const part = name.slice(0, name.indexOf('.'));
  return part.startsWith('~') ? Buffer.from(part.slice(1), 'base64url').toString() : part;
}

// Text in XML.
import { plainText } from './plain-text.ts';

/** Text that is safe in an element and in an attribute; what XML 1.0 does not allow is left out. */
export function xml(text: string): string {
  return plainText(text)
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
    .replace(/'/g, '&apos;')
    .replace(/\t/g, '&#9;')
    .replace(/\n/g, '&#10;');
}

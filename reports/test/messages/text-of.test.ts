import { expect, test } from '@jest/globals';
import { textOf, withText } from '../../messages/text-of.ts';

test.each(['constructor', '__proto__', 'of-a-newer-version'])(
  'the code %s, which an edited run folder may have, stands for itself',
  (code) => {
    expect(textOf({ code })).toBe(code);
    expect(withText('', { code })).toEqual({ code });
  },
);

// The contrast of every colour of the style sheet against what it stands on, in light and in dark.
import { expect, test } from '@jest/globals';
import { readStyleSheet } from '../../render/html.ts';

const [light = '', dark = ''] = [...readStyleSheet().matchAll(/:root \{([^}]*--page[^}]*)\}/g)].map(([, body]) => body);
const paletteOf = (body: string) =>
  Object.fromEntries([...body.matchAll(/--([\w-]+): (#[0-9a-f]{6});/g)].map(([, name, color]) => [name, color]));
const palettes = { light: paletteOf(light), dark: { ...paletteOf(light), ...paletteOf(dark) } };

/** WCAG 2.2, relative luminance. */
function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(first = '', second = ''): number {
  const [low = 0, high = 0] = [luminance(first), luminance(second)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const texts = [
  ['text', 'page'],
  ['text', 'raised'],
  ['quiet', 'page'],
  ['quiet', 'raised'],
  ['quiet', 'band'],
  ['quiet', 'grey-back'],
  ['text', 'band-head'],
  ['text', 'warm-up'],
  ['pass', 'page'],
  ['fail', 'page'],
  ['caveat', 'page'],
  ['pass', 'pass-back'],
  ['fail', 'fail-back'],
  ['caveat', 'caveat-back'],
  ['text', 'caveat-back'],
  ['text', 'pass-back'],
  ['text', 'fail-back'],
] as const;
const marks = [
  'blue',
  'orange',
  'amber',
  'green',
  'pink',
  'sky',
  'fail',
  'pass',
  'ink',
  'ramp-0',
  'ramp-2',
  'ramp-4',
  'ramp-6',
  'ramp-8',
];

for (const [scheme, palette] of Object.entries(palettes)) {
  test.each(texts)(`${scheme}: the text %s on %s has a contrast of at least 4.5`, (text, back) => {
    expect(contrast(palette[text], palette[back])).toBeGreaterThanOrEqual(4.5);
  });

  test.each(marks)(`${scheme}: the mark %s has a contrast of at least 3 on the page and on a band`, (mark) => {
    expect(contrast(palette[mark], palette.page)).toBeGreaterThanOrEqual(3);
    expect(contrast(palette[mark], palette.band)).toBeGreaterThanOrEqual(3);
  });
}

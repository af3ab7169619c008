// The pages are valid HTML, in every state.
import { expect, test } from '@jest/globals';
import { FileSystemConfigLoader, HtmlValidate } from 'html-validate';
import { renderHtml } from '../html.ts';
import { readReport } from '../write.ts';
import { fixture, situations } from './fixture.ts';

const validator = new HtmlValidate(
  new FileSystemConfigLoader({
    root: true,
    extends: ['html-validate:recommended'],
    rules: {
      // Text that pug writes on long lines and void elements without a slash are valid; they are only a matter of style.
      'long-title': 'off',
      'no-trailing-whitespace': 'off',
      'void-style': 'off',
    },
  }),
);

test.each(situations)(
  '%s',
  async (situation) => {
    const result = await validator.validateString(renderHtml(await readReport(fixture(situation))));
    const complaints = result.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line, column }) => `${line}:${column} ${ruleId}: ${message}`),
    );
    expect([...new Set(complaints)]).toEqual([]);
  },
  60_000,
);

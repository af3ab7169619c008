import { expect, test } from '@jest/globals';
import { parseSources, startSources } from '../../collectors/source-choice.ts';

test.each([
  ['local', [{ kind: 'local' }]],
  ['none', []],
  ['datadog', [{ kind: 'datadog' }]],
  ['node-exporter=http://box:9100, local', [{ kind: 'node-exporter', url: 'http://box:9100' }, { kind: 'local' }]],
])('--metrics %s', (text, choices) => {
  expect(parseSources(text)).toEqual(choices);
});

test.each([
  ['lokal', '--metrics lokal: unknown source'],
  ['node-exporter', '--metrics node-exporter: unknown source'],
  ['local,none', 'none cannot be combined'],
  ['local,local', 'local is given twice'],
  ['', 'unknown source'],
  ['node-exporter=http://user:word@box:9100', 'the address contains a user or password'],
])('--metrics %s is refused', (text, why) => {
  expect(() => parseSources(text)).toThrow(why);
});

test('an exporter that does not answer stops everything before any load', async () => {
  const choices = parseSources('local,node-exporter=http://127.0.0.1:9');
  await expect(startSources(choices, { onSample: () => undefined })).rejects.toThrow('No node_exporter answers');
});

test('nothing to start is nothing to stop', async () => {
  const lines: unknown[] = [];
  const sources = await startSources([], { onSample: (line) => lines.push(line) });
  await sources.stop();
  expect(lines).toEqual([]);
});

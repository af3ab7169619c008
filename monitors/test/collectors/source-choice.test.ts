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
  ['lokal', '--metrics lokal is no source'],
  ['node-exporter', '--metrics node-exporter is no source'],
  ['local,none', 'none goes with no other'],
  ['local,local', 'local is named twice'],
  ['', 'is no source'],
  ['node-exporter=http://user:word@box:9100', 'its address holds a user or a password'],
])('--metrics %s is refused', (text, why) => {
  expect(() => parseSources(text)).toThrow(why);
});

test('an exporter that does not answer stops everything before any load', async () => {
  const choices = parseSources('local,node-exporter=http://127.0.0.1:9');
  await expect(startSources(choices, { onSample: () => undefined })).rejects.toThrow('no node exporter answers');
});

test('nothing to start is nothing to stop', async () => {
  const lines: unknown[] = [];
  const sources = await startSources([], { onSample: (line) => lines.push(line) });
  await sources.stop();
  expect(lines).toEqual([]);
});

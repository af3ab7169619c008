import { expect, test } from '@jest/globals';
import { optionalInstall } from '../../cli/machine.ts';
import { choosePublish } from '../../datadog/otlp-session.ts';

const chosen = (...values: string[]) => {
  const { datadog, otlp } = choosePublish(values);
  return [datadog, otlp?.href];
};

test('--publish means Datadog, otlp=URL a collector, and both may be given', () => {
  expect(choosePublish(undefined)).toEqual({ datadog: false, otlp: undefined });
  expect(chosen()).toEqual([true, undefined]);
  expect(chosen('')).toEqual([true, undefined]);
  expect(chosen('otlp=http://127.0.0.1:4318')).toEqual([false, 'http://127.0.0.1:4318/']);
  expect(chosen('datadog', 'otlp=https://otlp.example.com/v1/metrics')).toEqual([true, 'https://otlp.example.com/v1/metrics']); // biome-ignore format: one line
});

test.each([
  [['oltp=http://x'], '--publish oltp=http://x: expected datadog, or otlp=URL'],
  [['otlp=127.0.0.1:4318'], 'is not an address: write it like otlp=http://127.0.0.1:4318'],
  [['otlp='], 'is not an address'],
  [['otlp=http://a', 'otlp=http://b'], 'two addresses'],
])('%j is a mistake', (values, why) => {
  expect(() => choosePublish(values)).toThrow(why);
});

test('the packages that it needs are named with the versions that were tested', () => {
  expect(optionalInstall()).toMatch(/^npm install --no-save @opentelemetry\/exporter-metrics-otlp-proto@\d/);
});

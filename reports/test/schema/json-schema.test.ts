import { expect, test } from '@jest/globals';
import * as z from 'zod';
import { reportJsonSchema } from '../../schema/json-schema.ts';
import { readReport } from '../../write.ts';
import { fixture, situations } from '../fixture.ts';

test('is a schema of the fields that pages are made of', () => {
  expect(reportJsonSchema()).toMatchObject({
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    type: 'object',
    required: ['schemaVersion', 'judged', 'timeline', 'curves', 'run'],
    properties: { schemaVersion: { const: 1 }, judged: { type: 'object' } },
  });
});

test.each(situations)('fits the report.json of %s', async (situation) => {
  const schema = z.fromJSONSchema(reportJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  const report = JSON.parse(JSON.stringify(await readReport(fixture(situation))));
  expect(schema.safeParse(report).error).toBeUndefined();
  expect(schema.safeParse({ ...report, judged: { ...report.judged, exitCode: 1 } }).success).toBe(false);
});

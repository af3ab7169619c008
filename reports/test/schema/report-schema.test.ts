import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import * as z from 'zod';
import { reportFormats } from '../../render/formats.ts';
import { reportSchema } from '../../schema/report.ts';
import { openRun } from '../../write.ts';
import { fixture, situations } from '../fixture.ts';

const path = new URL('../../../docs/report.schema.json', import.meta.url);
const schema = { title: 'headroom report', ...z.toJSONSchema(reportSchema, { io: 'output', reused: 'ref' }) };

test('docs/report.schema.json is the schema of report.json', () => {
  const text = `${JSON.stringify(schema, null, 2)}\n`;
  if (process.env.UPDATE_GOLDEN) writeFileSync(path, text);
  expect(readFileSync(path, 'utf8')).toBe(text);
});

const ajv = new Ajv2020({ strict: false, logger: false });
addFormats.default(ajv);
const validate = ajv.compile(schema);

test.each(situations)('report.json of %s fits the published schema', async (situation) => {
  const json = reportFormats.find(({ file }) => file === 'report.json');
  const report = JSON.parse(json?.render(await openRun(fixture(situation))) ?? '');
  expect(validate(report) || validate.errors).toBe(true);
  expect(validate({ ...report, judged: { ...report.judged, exitCode: 1 } })).toBe(false);
});

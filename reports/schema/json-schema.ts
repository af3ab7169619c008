// The JSON Schema of report.json, made from the schema that readers check it with.
import * as z from 'zod';
import { reportSchema } from './report.ts';

/** JSON Schema (draft 2020-12) of report.json. */
export function reportJsonSchema(): object {
  return { title: 'headroom report', ...z.toJSONSchema(reportSchema, { io: 'output' }) };
}

// Whether a definition has the fields of MonitorDefinition and no others: a definition is code, and its types are not checked when it is run.
import * as z from 'zod';
import { didYouMean } from '../../model/nearest.ts';
import type { MonitorDefinition } from './definition.ts';

const text = z.string('is not a text');
const number = z.number('is not a number');
const comparators = ['>=', '<=', '==', '!=', '>', '<'] as const;
const shape = z.strictObject({
  key: text,
  name: text,
  series: text,
  comparator: z.enum(comparators, `is not one of ${comparators.join(' ')}`),
  thresholds: z.strictObject(
    {
      critical: number,
      warning: number.optional(),
      criticalRecovery: number.optional(),
      warningRecovery: number.optional(),
    },
    'is not like {critical: 50}',
  ),
  message: text,
  recipients: z.array(text, 'is not a list'),
  priority: z.literal([1, 2, 3, 4, 5], 'is not 1 (highest) to 5'),
  tags: z.array(text, 'is not a list'),
  missingData: z.enum(['ignore', 'notify'], "is neither 'ignore' nor 'notify'"),
  evaluationDelayS: number.optional(),
  alertsWhen: text,
  runbook: text,
});

/** The fields that are unknown, missing or of another type, and why; empty when the definition is a MonitorDefinition. */
export function shapeProblems(definition: MonitorDefinition): [field: string, why: string][] {
  const { error } = shape.safeParse(definition);
  return (error?.issues ?? []).flatMap((issue): [string, string][] => {
    const path = issue.path.map(String);
    if (issue.code !== 'unrecognized_keys')
      return [[path.join('.'), messageOf(issue.message, valueAt(definition, path))]];
    const known = path.length > 0 ? Object.keys(shape.shape.thresholds.shape) : Object.keys(shape.shape);
    return issue.keys.map((key) => [
      [...path, key].join('.'),
      `is not a field that headroom has.${didYouMean(key, known, ` It has ${known.join(', ')}`)}`,
    ]);
  });
}

function messageOf(message: string, value: unknown): string {
  if (value === undefined) return 'is missing';
  return typeof value === 'object' ? message : `'${value}' ${message}`;
}

function valueAt(definition: unknown, path: readonly string[]): unknown {
  return path.reduce((part, key) => (part as Readonly<Record<string, unknown>> | undefined)?.[key], definition);
}

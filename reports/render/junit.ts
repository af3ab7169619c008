// JUnit XML as Jenkins reads it: one testcase per threshold and per monitor that had to fire, and one that says whether the measurement can be trusted.
import type { RunRecord } from '../../model/run-record.ts';
import type { ThresholdResult } from '../../model/threshold.ts';
import type { RunComparison } from '../comparison/compare-runs.ts';
import { formatValue, noData } from '../format/format.ts';
import { verdictWord } from '../format/outcome.ts';
import { xml } from '../format/xml.ts';
import { sentences, textOf } from '../messages/text-of.ts';
import type { Judged } from '../schema/judged.ts';

/**
 * One `<testsuite>`. A failed threshold is a `<failure>`; a threshold without data, and a run that is not valid or not complete, is an
 * `<error>`: whether it would have passed is not known.
 */
export function renderJunit(judged: Judged, run: RunRecord): string {
  return renderSuite({
    name: `headroom ${judged.run}`,
    ...sourceOf(run),
    seconds: judged.measured.durationS,
    cases: [validityCase('validity', judged), ...judged.thresholds.map(thresholdCase), ...alarmCases(judged)],
    output: [
      `${verdictWord(judged.verdict)}: ${textOf(judged.headline)}`,
      ...[...judged.disturbances, ...judged.warnings].map((each) => `warning: ${textOf(each)}`),
    ],
  });
}

/** The same of a comparison: the validity of both runs, and one testcase per margin. */
export function renderComparisonJunit({ decision, baseline, candidate, margins }: RunComparison): string {
  const sides = [baseline, candidate];
  return renderSuite({
    name: `headroom ${candidate.label} against ${baseline.label}`,
    seconds: sides.reduce((sum, { judged }) => sum + judged.measured.durationS, 0),
    cases: [
      ...sides.map(({ label, judged }) => validityCase(`validity of ${label}`, judged)),
      ...margins.map((margin): TestCase => {
        const { expression: name, verdict } = margin;
        const message = textOf(margin);
        if (verdict === 'is-not') return { name, kind: 'pass' };
        return verdict === 'is'
          ? { name, kind: 'failure', type: 'margin', message }
          : { name, kind: 'error', type: verdict, message };
      }),
    ],
    output: [`${textOf(decision.question)} ${textOf(decision.answer)}: ${textOf(decision)}`],
  });
}

/**
 * What `datadog-ci junit upload` reads without flags: tags as properties, and as `file` where the thresholds stand, for owners by path.
 * https://docs.datadoghq.com/tests/setup/junit_xml/
 */
function sourceOf({ profile, target, command }: RunRecord): Pick<Suite, 'tags' | 'file'> {
  const given = /--profile[ =]('[^']+\.json'|\S+\.json)/.exec(command)?.[1]?.replaceAll("'", '');
  const ours = command.startsWith('npm run') ? `loadtest/profiles/built-in/${profile.name}.json` : undefined;
  const file = given ?? ours;
  const { instanceType, commit } = target;
  return {
    tags: {
      profile: profile.name,
      ...(instanceType !== undefined && { instance: instanceType }),
      ...(commit !== undefined && { version: commit }),
    },
    ...(file !== undefined && { file }),
  };
}

type Suite = {
  readonly name: string;
  readonly tags?: Readonly<Record<string, string>>;
  /** Of the repository. */
  readonly file?: string;
  readonly seconds: number;
  readonly cases: readonly TestCase[];
  readonly output: readonly string[];
};

function renderSuite({ name, tags = {}, file, seconds, cases, output }: Suite): string {
  const count = (kind: TestCase['kind']) => cases.filter((each) => each.kind === kind).length;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="0"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${xml(name)}" ${counts}>`,
    `  <testsuite name="${xml(name)}" ${counts} time="${seconds.toFixed(3)}">`,
    ...renderTags(tags),
    ...cases.map((each) => renderCase(each, file)),
    `    <system-out>${xml(output.join('\n'))}</system-out>`,
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

type TestCase = { readonly name: string } & (
  | { readonly kind: 'pass' }
  | { readonly kind: 'failure' | 'error'; readonly message: string; readonly type: string }
);

function validityCase(name: string, { validity, partial }: Judged): TestCase {
  const reasons = [...(partial === undefined ? [] : [partial]), ...validity.reasons];
  if (validity.verdict === 'valid' && partial === undefined) return { name, kind: 'pass' };
  const type = validity.verdict === 'valid' ? 'partial' : validity.verdict;
  return { name, kind: 'error', type, message: sentences(reasons) || type };
}

function thresholdCase({ expression, value, unit, verdict, reason }: ThresholdResult): TestCase {
  if (verdict === 'pass') return { name: expression, kind: 'pass' };
  if (verdict === 'no-data')
    return { name: expression, kind: 'error', type: noData, message: reason ? textOf(reason) : noData };
  const measured = value === undefined ? noData : formatValue(value, unit);
  return {
    name: expression,
    kind: 'failure',
    type: 'threshold',
    message: `${expression} failed: measured ${measured}`,
  };
}

/** Monitors that had to fire in a drill. */
function alarmCases({ alarms }: Judged): TestCase[] {
  return (alarms?.monitors ?? []).flatMap(({ key, drill }): TestCase[] => {
    if (!drill?.mustFire) return [];
    const name = `monitor ${key} fires`;
    return drill.fired
      ? [{ name, kind: 'pass' }]
      : [{ name, kind: 'failure', type: 'drill', message: drill.reason ? textOf(drill.reason) : 'it stayed silent' }];
  });
}

function renderTags(tags: Readonly<Record<string, string>>): string[] {
  const properties = Object.entries(tags).map(
    ([name, value]) => `      <property name="dd_tags[${name}]" value="${xml(value)}"/>`,
  );
  return properties.length === 0 ? [] : ['    <properties>', ...properties, '    </properties>'];
}

function renderCase(each: TestCase, file: string | undefined): string {
  const where = file === undefined ? '' : ` file="${xml(file)}"`;
  const open = `    <testcase classname="headroom" name="${xml(each.name)}"${where} time="0.000"`;
  if (each.kind === 'pass') return `${open}/>`;
  const message = xml(each.message);
  const detail = `<${each.kind} message="${message}" type="${xml(each.type)}">${message}</${each.kind}>`;
  return `${open}>${detail}</testcase>`;
}

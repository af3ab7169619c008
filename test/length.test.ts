// How long a file and a function may be: a function reads like a table of contents, and what does the work stands below it.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import swc from '@swc/core';

const root = fileURLToPath(new URL('..', import.meta.url));
const most = { fileLines: 200, functionLines: 60 };

/** Longer ones, `file` or `file:function`, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {};

const files = readdirSync(root, { withFileTypes: true })
  .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules' && name !== 'dist')
  .flatMap((each) => {
    if (!each.isDirectory()) return each.name;
    return readdirSync(`${root}${each.name}`, { recursive: true, encoding: 'utf8' }).map((to) => `${each.name}/${to}`);
  })
  // A test grows with what it tests: its file is as long as its cases.
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'));

type Node = { readonly type?: string; readonly span?: { readonly start: number; readonly end: number } };

const functionTypes =
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|ClassMethod|PrivateMethod|MethodProperty|Constructor)$/;

/** Name (of a function without one: of what it stands in) and number of lines of every function in a file. */
function functionsOf(file: string): { readonly name: string; readonly lines: number }[] {
  const text = readFileSync(`${root}${file}`);
  const module = swc.parseSync(text.toString(), { syntax: 'typescript', target: 'es2022' });
  // Positions are counted in bytes over all texts that were parsed before.
  const offset = module.span.end - text.length;
  const found: { name: string; lines: number }[] = [];
  const visit = (value: unknown, around: string): void => {
    if (typeof value !== 'object' || value === null) return;
    const node = value as Node & Readonly<Record<string, { value?: unknown } | undefined>>;
    const own = node.identifier?.value ?? node.key?.value ?? node.id?.value;
    const name = typeof own === 'string' ? own : around;
    const { start, end } = (node.function as Node | undefined)?.span ?? node.span ?? {};
    if (functionTypes.test(node.type ?? '') && start !== undefined && end !== undefined)
      found.push({
        name,
        lines: text
          .subarray(start - offset, end - offset)
          .toString()
          .split('\n').length,
      });
    for (const inner of Object.values(node)) visit(inner, name);
  };
  visit(module.body, '');
  return found;
}

test('no file has more than 200 lines', () => {
  expect(files.length).toBeGreaterThan(800);
  const long = files.filter((file) => readFileSync(`${root}${file}`, 'utf8').split('\n').length - 1 > most.fileLines);
  expect(long.filter((file) => !(file in exceptions))).toEqual([]);
});

test('no function has more than 60 lines', () => {
  const functions = files
    .filter((file) => !/(^|\/)test\//.test(file))
    .flatMap((file) => functionsOf(file).map(({ name, lines }) => ({ place: `${file}:${name}`, lines })));
  expect(functions.length).toBeGreaterThan(5000);
  const long = functions.filter(({ place, lines }) => lines > most.functionLines && !(place in exceptions));
  expect(long).toEqual([]);
});

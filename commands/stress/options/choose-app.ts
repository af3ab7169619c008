// `--app`: the user's own app, started for the run instead of the shortener.
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { AppCommand } from '../../../loadtest/target/started-app.ts';
import { isHere } from '../../../model/is-here.ts';
import { UserError } from '../../../model/user-error.ts';
import { parseTarget } from '../../cli/target-url.ts';

type Flags = {
  readonly app?: string | undefined;
  readonly appDir?: string | undefined;
  readonly ready?: string | undefined;
  readonly path?: readonly string[] | undefined;
  readonly target?: string | undefined;
  readonly pair?: string | undefined;
  readonly shard?: string | undefined;
  readonly routes?: string | undefined;
  readonly appPid?: number | undefined;
  readonly appUnit?: string | undefined;
};

/** Undefined without --app. Throws a UserError for flags that do not go together. */
export function chooseApp(argv: Flags): AppCommand | undefined {
  const { app, appDir, ready, target } = argv;
  if (app === undefined) {
    const useless = appDir !== undefined ? '--app-dir' : ready !== undefined ? '--ready' : undefined;
    if (useless !== undefined) throw new UserError(`${useless} is about an app that headroom starts: add --app CMD`);
    return undefined;
  }
  if (app.trim() === '')
    throw new UserError("--app is empty: give the command that starts your app, like 'node server.js'");
  for (const flag of ['pair', 'shard', 'routes', 'appPid', 'appUnit'] as const) {
    if (argv[flag] === undefined) continue;
    const name = flag.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`);
    throw new UserError(`--app starts the app for this run, and does not go with --${name}. Leave one of them out`);
  }
  return {
    line: app,
    ...(appDir !== undefined && { directory: checkFolder(appDir) }),
    ...(ready !== undefined && { readyPath: checkPath('--ready', ready) }),
    ...(target !== undefined && { fixed: checkFixed(target) }),
  };
}

/** The paths to GET: those of --path, else what the URL of a fixed port says; undefined: neither says anything. */
export function choosePaths({ app, path, target }: Flags): readonly string[] | undefined {
  if (path !== undefined) {
    const { pathname, search } = parseTarget('--target', target ?? 'http://127.0.0.1/');
    if (app === undefined && target === undefined)
      throw new UserError('--path is a page of your app: add --app CMD or --target URL');
    if (`${pathname}${search}` !== '/')
      throw new UserError(`--path and the path in --target ${target} name pages. Leave one of them out`);
    return path.map((each) => checkPath('--path', each));
  }
  if (app === undefined || target === undefined) return undefined;
  const { pathname, search } = parseTarget('--target', target);
  return pathname === '/' && search === '' ? undefined : [`${pathname}${search}`];
}

function checkPath(flag: string, path: string): string {
  if (path.startsWith('/')) return path;
  throw new UserError(`${flag} ${path} must begin with /, like ${flag} /${path.replace(/^\w+:\/\/[^/]*\//, '')}`);
}

function checkFolder(path: string): string {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) throw new UserError(`there is no folder ${path}: check --app-dir`);
  if (!found.isDirectory()) throw new UserError(`--app-dir ${path} is a file: give a folder`);
  return resolve(path);
}

function checkFixed(target: string): URL {
  const url = parseTarget('--target', target);
  if (isHere(url) && url.protocol === 'http:') return url;
  throw new UserError(
    `--app starts the app on this machine, which --target ${target} is not. Give the port that it uses, like --target http://127.0.0.1:3000/, or leave --target out`,
  );
}

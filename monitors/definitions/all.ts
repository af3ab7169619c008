// Every monitor that headroom keeps for a host; a new file in this folder gets its line here.
import type { DefinitionContext, MonitorDefinition } from '../spec/definition.ts';
import { appP99 } from './app-p99.ts';
import { cpuCredits } from './cpu-credits.ts';
import { cpuStolen } from './cpu-stolen.ts';
import { cpuTotal } from './cpu-total.ts';
import { cpuUser } from './cpu-user.ts';
import { hostSilent } from './host-silent.ts';
import { loadPerCore } from './load-per-core.ts';
import { memoryUsable } from './memory-usable.ts';
import { nginx5xx } from './nginx-5xx.ts';

/** The definitions for one host, unchecked. */
export function allDefinitions(context: DefinitionContext): MonitorDefinition[] {
  return [cpuUser, cpuTotal, loadPerCore, memoryUsable, cpuCredits, cpuStolen, hostSilent, nginx5xx, appP99].map(
    (define) => define(context),
  );
}

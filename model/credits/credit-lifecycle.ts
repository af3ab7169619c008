// What starts and stops do to the credits of a machine (EC2 user guide, standard and unlimited mode concepts).

import { withArticle } from '../article.ts';
import type { BurstableType, CreditMode } from '../catalogue/instance-catalogue.ts';
import { UserError } from '../user-error.ts';
import type { CreditBank } from './credit-bank.ts';

/** Freshly launched, full, empty, or with so many credits. */
export type CreditStart = 'launch' | 'full' | 'empty' | { readonly launch: number; readonly earned: number };

/** The value of a flag: `launch`, `full`, `empty`, `launch=30,earned=12` or a number of earned credits; a UserError names the flag. */
export function parseCreditStart(text: string, flag: string): CreditStart {
  if (text === 'launch' || text === 'full' || text === 'empty') return text;
  if (/^\d+(\.\d+)?$/.test(text)) return { launch: 0, earned: Number(text) };
  const parts = text.split(',').map((part) => /^(launch|earned)=(\d+(?:\.\d+)?)$/.exec(part));
  const names = parts.map((part) => part?.[1]);
  if (parts.includes(null) || new Set(names).size !== names.length) {
    throw new UserError(`${flag} ${text} is not launch, full, empty, a number of credits, or like launch=30,earned=12`);
  }
  const of = (name: string): number => Number(parts.find((part) => part?.[1] === name)?.[2] ?? 0);
  return { launch: of('launch'), earned: of('earned') };
}

/** A running machine's bank. Launch credits exist in standard mode alone; earned ones not beyond the maximum. */
export function openBank(type: BurstableType, mode: CreditMode, start: CreditStart): CreditBank {
  const { credits } = type;
  const given = typeof start === 'object' ? start : undefined;
  const earnedBalance = given?.earned ?? (start === 'full' ? credits.maxAccruedCredits : 0);
  const launchBalance = given?.launch ?? (start === 'launch' && mode === 'standard' ? credits.launchCredits : 0);
  if (earnedBalance > credits.maxAccruedCredits) {
    throw new UserError(
      `${withArticle(type.instanceType)} cannot have ${earnedBalance} earned credits: ${credits.maxAccruedCredits} is the most`,
    );
  }
  const mostLaunch = mode === 'standard' ? credits.launchCredits : 0;
  if (launchBalance > mostLaunch) {
    throw new UserError(
      `${withArticle(type.instanceType)} in ${mode} mode cannot have ${launchBalance} launch credits: ${mostLaunch} is the most`,
    );
  }
  return { mode, launchBalance, earnedBalance, surplusBalance: 0 };
}

/** Stopping (or terminating) charges the whole surplus at once. */
export function stopMachine(bank: CreditBank): { readonly bank: CreditBank; readonly surplusCharged: number } {
  return { bank: { ...bank, surplusBalance: 0 }, surplusCharged: bank.surplusBalance };
}

/** Starting gives new launch credits in standard mode; what was earned is gone when the stop was longer than the family keeps it. */
export function startMachine(type: BurstableType, stopped: CreditBank, stoppedHours: number): CreditBank {
  const { launchCredits, keptWhenStoppedHours } = type.credits;
  const kept = keptWhenStoppedHours > 0 && stoppedHours <= keptWhenStoppedHours;
  return {
    mode: stopped.mode,
    launchBalance: stopped.mode === 'standard' ? launchCredits : 0,
    earnedBalance: kept ? stopped.earnedBalance : 0,
    surplusBalance: 0,
  };
}

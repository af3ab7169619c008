// The banner of a comparison: at most so many words, and one line after "But:".
import type { Finding } from '../../model/finding.ts';
import type { Decision } from '../comparison/decision.ts';
import type { Outcome } from '../format/outcome.ts';
import { briefly, textOf } from './text-of.ts';

type Banner = {
  readonly outcome: Outcome;
  readonly badge: string;
  readonly question?: string;
  readonly answer: string;
  readonly but?: string;
};

/** With the badge; the question is the reader's own. */
const mostWords = 25;
/** Risks are one sentence each. */
const mostWordsAfterBut = 30;

type Decided = { readonly decision: Pick<Decision, 'verdict' | 'question' | 'answer' | 'parts' | 'but'> };

/** Question, answer, reasons as far as they fit, and the largest risk. */
export function comparisonBanner({ decision }: Decided): Banner {
  const { verdict: outcome, question, answer, parts, but } = decision;
  const badge = textOf(answer);
  return {
    outcome,
    badge,
    question: textOf(question),
    answer: briefly(parts, mostWords - badge.split(' ').length),
    ...(but && { but: briefly([but], mostWordsAfterBut) }),
  };
}

type JudgedRun = {
  readonly headline: { readonly parts: readonly Finding[] };
  readonly partial?: Finding;
  readonly disturbances: readonly Finding[];
  readonly warnings: readonly Finding[];
  readonly caveats: readonly Finding[];
  readonly risks: readonly Finding[];
  readonly validity: { readonly verdict: string };
  readonly sizing?: { readonly traffic?: unknown };
};

/** The verdict of a run, its reasons as far as they fit (the rates of its type first), and its largest risk. */
export function runBanner(
  { headline, partial, disturbances, risks, warnings, caveats, validity, sizing }: JudgedRun,
  badge: string,
  outcome: Outcome,
): Banner {
  const ofType = headline.parts.filter(({ code }) => code === 'speed-on-ec2');
  const parts = [...ofType, ...headline.parts.filter((each) => !ofType.includes(each))];
  const answer = briefly(parts.map(withoutSlo), mostWords - badge.split(' ').length);
  // The generator beside the app is the usual case.
  const own = caveats.filter(({ code }) => code !== 'generator-on-same-host');
  // As in a comparison: of the measurement, of the type, then what is only a caution, the newest first.
  const notValid = headline.parts.find(({ code }) => code === 'not-valid');
  const but = [partial, notValid, ...disturbances, ...risks, ...[...warnings].reverse(), ...own].find(
    // Of a run without a verdict the headline has it.
    (each) => each !== undefined && !answer.includes(textOf(each).slice(0, sameStart)),
  );
  const isOpen = outcome === 'depends' && validity.verdict === 'valid' && sizing?.traffic === undefined;
  const risk = but ? briefly([but], mostWordsAfterBut) : isOpen ? withoutTraffic : undefined;
  return {
    outcome,
    badge,
    answer: answer === '' ? 'Nothing was measured' : answer,
    ...(risk !== undefined && { but: risk }),
  };
}

/** Why thresholds that hold are amber, where nothing else is a reason. */
const withoutTraffic = 'without your traffic the fit is inconclusive';

/** A card has the expressions of the SLO. */
function withoutSlo(part: Finding): Finding {
  return 'slo' in part ? { ...part, slo: ['the SLO'] } : part;
}

const sameStart = 40;

// Texts of a replayed access log: what was asked and sent, and when CPU credits ran out.
import { formatCount, formatDuration, formatNumberOf, formatTime } from '../format/format.ts';
import type { ReplayFindings } from '../schema/trust-findings.ts';
import type { TextsOf } from './texts.ts';

export const replayTexts: TextsOf<ReplayFindings> = {
  'replay-summary': ({ files, from, to, speed, asked, kept, outOfOrder, sent, completed, differing }) => {
    const [first = '', ...more] = files;
    const log = `${first}${more.length > 0 ? ` and ${formatNumberOf(more.length, 'more file')}` : ''}`;
    const fast = speed === 1 ? '' : `, ${speed} times as fast`;
    const chosen =
      kept === asked ? formatNumberOf(asked, 'request') : `${formatCount(kept)} of ${formatNumberOf(asked, 'request')}`;
    const sorted =
      outOfOrder > 0 ? `; ${formatNumberOf(outOfOrder, 'line')} of the log stood after later ones and were sorted` : '';
    return `${log}, ${formatTime(from)} to ${formatTime(to)}${fast}: ${chosen} to send, ${formatCount(sent)} sent, ${formatCount(completed)} answered, ${formatCount(differing)} of these with another status than in the log${sorted}`;
  },
  'replay-throttle': ({ speed, predictedS, earliestS, latestS, measuredS, held }) => {
    const at = (seconds: number): string => formatDuration(seconds * speed);
    const until =
      earliestS === undefined ? '' : ` (${at(earliestS)} to ${latestS === undefined ? 'never' : at(latestS)})`;
    const predicted = predictedS === undefined ? `never${until}` : `after ${at(predictedS)}${until}`;
    if (held === undefined) return `CPU credits run out, predicted: ${predicted}; the replay did not end`;
    const measured = measuredS === undefined ? 'they did not' : `after ${at(measuredS)}`;
    const error =
      predictedS === undefined || measuredS === undefined || measuredS === 0
        ? ''
        : `, error ${(100 * (predictedS / measuredS - 1)).toFixed(1)} %`;
    return `CPU credits run out, in the time of the log: predicted ${predicted}, measured ${measured}${error}; the prediction ${held ? 'held' : 'did not hold'}`;
  },
};

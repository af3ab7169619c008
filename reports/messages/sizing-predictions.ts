// Texts of predictions, and of what may explain their errors.
import { formatBytes, formatPercent, formatRate, formatRateInterval } from '../format/format.ts';
import type { PredictionFindings } from '../schema/prediction-findings.ts';
import type { TextsOf } from './texts.ts';

export const predictionTexts: TextsOf<PredictionFindings> = {
  'cpu-unused': ({ percent }) =>
    `${formatPercent(percent)} of its CPU was unused, so something else limited it: the scheduling of its quota, or other processes on this machine`,
  'request-dearer': ({ percent }) =>
    `a request used ${formatPercent(percent)} more CPU than predicted: cold caches, uncompiled code or garbage collection`,
  'request-cheaper': ({ percent }) =>
    `a request used ${formatPercent(percent)} less CPU than predicted: a disturbance in the predicting run, or faster cores in this one`,
  'memory-almost-full': ({ rssBytes }) => `its memory was almost full (${formatBytes(rssBytes)})`,
  predicted: ({ instanceType, burstPerS, sustainedPerS }) =>
    `predicted for ${instanceType}: burst ${formatRateInterval(burstPerS)}, sustained ${formatRateInterval(sustainedPerS)}`,
  prediction: (figures, textOf) => {
    const { instanceType, state, fromType, predictedPerS, low, high, held, measuredPerS, errorPercent, suspects } =
      figures;
    const error = `${errorPercent > 0 ? '+' : ''}${formatPercent(errorPercent)}`;
    const causes = suspects.map(textOf).join('; ');
    const why = causes === '' ? '' : `; possible causes: ${causes}`;
    const predicted = formatRateInterval({ value: predictedPerS, low, high });
    const grade = held ? 'the interval held' : 'the interval did not hold';
    return `${instanceType} ${state}: ${predicted} predicted from ${fromType}, ${formatRate(measuredPerS)} measured: ${error}, ${grade}${why}`;
  },
};

// Texts of predictions, and of what may explain their errors.
import { formatBytes, formatPercent, formatRate, formatRateInterval } from '../format/format.ts';
import type { PredictionFindings } from '../schema/sizing-findings.ts';
import type { TextsOf } from './texts.ts';

export const predictionTexts: TextsOf<PredictionFindings> = {
  'cpu-unused': ({ percent }) =>
    `${formatPercent(percent)} of its CPU was unused, so something else limited it: the scheduling of its quota, or other processes on this machine`,
  'request-dearer': ({ percent }) =>
    `a request used ${formatPercent(percent)} more CPU than predicted: caches lost while throttled, code that the JIT had not compiled, or garbage collection`,
  'request-cheaper': ({ percent }) =>
    `a request used ${formatPercent(percent)} less CPU than predicted: a disturbance in the predicting run, or faster cores in this one`,
  'memory-almost-full': ({ rssBytes }) => `its memory was almost full (${formatBytes(rssBytes)})`,
  predicted: ({ instanceType, burstPerS, sustainedPerS }) =>
    `predicted for ${instanceType}: burst ${formatRateInterval(burstPerS)}, sustained ${formatRateInterval(sustainedPerS)}`,
  prediction: ({ instanceType, state, fromType, predictedPerS, measuredPerS, errorPercent, suspects }, textOf) => {
    const error = `${errorPercent > 0 ? '+' : ''}${formatPercent(errorPercent)}`;
    const causes = suspects.map(textOf).join('; ');
    const why = causes === '' ? '' : `; possible causes: ${causes}`;
    return `${instanceType} ${state}: ${formatRate(predictedPerS)} predicted from ${fromType}, ${formatRate(measuredPerS)} measured: ${error}${why}`;
  },
};

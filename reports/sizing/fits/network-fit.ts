// How many requests the network of a type allows, by the bytes that the run counted.
import type { InstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { bytesPerRequest, type Counted } from '../../measured/request-bytes.ts';
import type { NetworkFigures, SustainableLoad } from '../../schema/check-findings.ts';
import { dailyTraffic, type Traffic } from '../../traffic/traffic.ts';
import type { Check } from './check.ts';

const bytesPerGbit = 1e9 / 8;

/** Undefined for a run without bytes, and for a type whose bandwidth is not known. */
export function fitNetwork(
  { stages }: { readonly stages: readonly Counted[] },
  { instanceType, network }: InstanceType,
): NetworkFigures | undefined {
  const bytes = bytesPerRequest(stages);
  if (!network || !bytes) return undefined;
  const { ofHttp, onWire } = bytes;
  const { baselineGbps, burstGbps } = network;
  return {
    instanceType,
    bytesPerRequest: ofHttp,
    baselineMbps: 1000 * baselineGbps,
    burstMbps: 1000 * burstGbps,
    baselinePerS: {
      low: (baselineGbps * bytesPerGbit) / onWire,
      high: (baselineGbps * bytesPerGbit) / ofHttp,
    },
    burstPerS: { low: (burstGbps * bytesPerGbit) / onWire, high: (burstGbps * bytesPerGbit) / ofHttp },
  };
}

/**
 * The baseline bandwidth is promised. How long a burst above it lasts is not: a day above the baseline does not fit, a peak hour above it
 * is inconclusive. Without traffic it limits the load that the type sustains.
 */
export function checkNetworkFit(
  fit: NetworkFigures | undefined,
  traffic: Traffic | undefined,
  sustainedPerS: number | undefined,
): Check | undefined {
  if (!fit) return undefined;
  const { baselinePerS, burstPerS } = fit;
  if (!traffic) {
    if (sustainedPerS === undefined) return undefined;
    return {
      limit: 'network',
      verdict: 'fits',
      because: { code: 'network', ...fit },
      used: sustainedPerS / baselinePerS.low,
    };
  }
  const { peakPerS, requestsPerDay } = traffic;
  const isTooMuch = requestsPerDay / 86_400 > baselinePerS.high || peakPerS > burstPerS.high;
  const verdict = peakPerS <= baselinePerS.low ? 'fits' : isTooMuch ? 'does-not-fit' : 'inconclusive';
  const because = { code: 'network', ...fit, peakPerS } as const;
  return { limit: 'network', verdict, because, used: peakPerS / baselinePerS.low };
}

/** The load that CPU and network both sustain. */
export function capByNetwork(load: SustainableLoad, fit: NetworkFigures | undefined): SustainableLoad {
  if (!fit) return load;
  const cap = ({ value, low, high }: SustainableLoad['sustainedPerS'], by: NetworkFigures['baselinePerS']) => ({
    value: Math.min(value, by.low),
    low: Math.min(low, by.low),
    high: Math.min(high, by.high),
  });
  const { burstPerS, requestsPerOfficeDay } = load;
  return {
    ...load,
    sustainedPerS: cap(load.sustainedPerS, fit.baselinePerS),
    ...(burstPerS && { burstPerS: cap(burstPerS, fit.burstPerS) }),
    ...(requestsPerOfficeDay !== undefined && {
      requestsPerOfficeDay: Math.min(requestsPerOfficeDay, fit.baselinePerS.low / dailyTraffic(1, 'office').peakPerS),
    }),
  };
}

import { expect, test } from '@jest/globals';
import { findInstanceType } from '../../../../model/catalogue/instance-catalogue.ts';
import { capByNetwork, checkNetworkFit, fitNetwork } from '../../../sizing/fits/network-fit.ts';
import { dailyTraffic } from '../../../traffic/traffic.ts';

const type = findInstanceType('t2.micro');
const requests = { intended: 10, sent: 10, completed: 10, dropped: 0, open: 0 };
const page = (received: number) => ({ stages: [{ requests, bytes: { sent: 1000, received: 10 * received } }] });

test('a page of 20 KB binds a t2.micro at about 400 requests a second', () => {
  const fit = fitNetwork(page(20_000), type);
  expect(fit).toMatchObject({ bytesPerRequest: 20_000, baselineMbps: 64, burstMbps: 1024 });
  expect(fit?.baselinePerS.high).toBeCloseTo(400, 9);
  expect(fit?.baselinePerS.low).toBeCloseTo(8e6 / (20_000 + 14 * 66), 9);
});

test('the larger direction counts, and without bytes or bandwidth nothing is said', () => {
  const run = page(10);
  const uploads = { stages: [{ requests, bytes: { sent: 50_000, received: 100 } }] };
  expect(fitNetwork(uploads, type)?.bytesPerRequest).toBe(5000);
  const { network: _, ...unknown } = type;
  expect(fitNetwork(run, unknown)).toBeUndefined();
  expect(fitNetwork({ stages: [{ requests }] }, type)).toBeUndefined();
});

test.each([
  [100, 'fits'],
  [390, 'inconclusive'],
  [500, 'inconclusive'],
  [7000, 'does-not-fit'],
] as const)('a peak hour of %d/s %s', (peakPerS, verdict) => {
  const traffic = { ...dailyTraffic(1, 'office'), peakPerS, requestsPerDay: 1000 };
  expect(checkNetworkFit(fitNetwork(page(20_000), type), traffic, undefined)).toMatchObject({
    limit: 'network',
    verdict,
  });
});

test('a mean above the baseline does not fit, however even the day is', () => {
  const traffic = { ...dailyTraffic(1, 'office'), peakPerS: 450, requestsPerDay: 450 * 86_400 };
  expect(checkNetworkFit(fitNetwork(page(20_000), type), traffic, undefined)?.verdict).toBe('does-not-fit');
});

test('without traffic it limits what the CPU would sustain, and says so where it does', () => {
  const fit = fitNetwork(page(20_000), type);
  const cpu = {
    sustainedPerS: { value: 2000, low: 1900, high: 2100 },
    burstPerS: { value: 20_000, low: 19_000, high: 21_000 },
  };
  const { sustainedPerS, burstPerS } = capByNetwork(cpu, fit);
  expect(sustainedPerS.high).toBeCloseTo(400, 9);
  expect(sustainedPerS.value).toBe(fit?.baselinePerS.low);
  expect(burstPerS?.high).toBeCloseTo(6400, 9);
  expect(checkNetworkFit(fit, undefined, 2000)?.used).toBeGreaterThan(5);
  expect(checkNetworkFit(fit, undefined, 100)?.used).toBeLessThan(0.3);
  expect(capByNetwork({ sustainedPerS: { value: 100, low: 90, high: 110 } }, fit).sustainedPerS.value).toBe(100);
});

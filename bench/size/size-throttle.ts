// The moment at which credits are gone: predicted by the credit bank from the CPU of a request, and as it happens on an emulated t2.micro.
import { findEmulation } from '../../loadtest/emulation/cgroup-home.ts';
import { startEmulatedInstance } from '../../loadtest/emulation/emulated-instance.ts';
import { openMeasuredCores } from '../../loadtest/emulation/measured-cores.ts';
import { askedShare } from '../../loadtest/emulation/vcpu-share.ts';
import { startGenerators } from '../../loadtest/generators/generators.ts';
import { runLoad } from '../../loadtest/run/run.ts';
import { startShortener } from '../../loadtest/target/shortener.ts';
import { findBurstableType } from '../../model/catalogue/instance-catalogue.ts';
import { spendCredits } from '../../model/credits/credit-bank.ts';
import { type CreditStart, openBank } from '../../model/credits/credit-lifecycle.ts';
import type { Profile } from '../../model/profile.ts';
import { tempFolder } from '../program.ts';
import { median, print } from '../rounds.ts';

export const claim =
  'the moment at which a t2.micro has no credits left, at 60 times the speed: predicted within 5 % of what happens (median of 5)';

const repeats = 5;
const creditClock = 60;
const vcpuShare = 0.5;
const rates = [400, 600];
const credits: CreditStart = { launch: 0, earned: 6 };

/** One rate on a machine of its own: CPU of a second of it in vCPUs, and when the credits were gone. */
async function load(perS: number, start: CreditStart, durationS: number) {
  const { instance, generators, close } = await openMachine();
  let began: { readonly ms: number; readonly cpuUs: number } | undefined;
  const ended = new AbortController();
  const watch = setInterval(() => {
    if (instance.credits()?.throttled) ended.abort({ status: 'interrupted', reason: 'throttled' });
  }, 50);
  try {
    await runLoad({
      profile: profileOf(perS, durationS),
      origin: instance.app.url,
      routes: [{ name: 'home', method: 'GET', path: '/', weight: 1, headers: {}, expect: [200] }],
      generators,
      seed: 1,
      insecure: false,
      calm: async () => {},
      signal: ended.signal,
      onLine: (line) => {
        if (line.kind !== 'load' || line.stage !== 1 || began) return;
        // From the first whole second on: the stage has begun by then.
        instance.startCredits({ start, creditClock, onSample: () => {} });
        began = { ms: performance.now(), cpuUs: instance.group.use().cpuUs };
      },
      onStage: () => {},
    });
    if (!began) throw new Error('the load did not begin');
    const busyCores = (instance.group.use().cpuUs - began.cpuUs) / 1000 / (performance.now() - began.ms);
    return { vcpus: busyCores / vcpuShare, throttledMs: instance.credits()?.firstThrottleMs };
  } finally {
    clearInterval(watch);
    await close();
  }
}

async function openMachine() {
  const cgroups = await findEmulation();
  if (typeof cgroups === 'string') throw new Error(cgroups);
  const dataDir = tempFolder();
  const generators = await startGenerators(1, process.env);
  const measuredCores = await openMeasuredCores(cgroups, vcpuShare, { awake: true, environment: process.env });
  const instance = await startEmulatedInstance({
    cgroups,
    type,
    share: askedShare(vcpuShare, [type]),
    isShareAsked: true,
    measuredCores,
    environment: process.env,
    start: (inside) => startShortener({ ...inside, dataDir, sessionSecret: 'a-secret-of-thirty-two-characters' }),
  });
  const close = async (): Promise<void> => {
    generators.close();
    await instance.stop();
    await measuredCores.stop();
  };
  return { instance, generators, close };
}

function profileOf(arrivalRatePerS: number, durationS: number): Profile {
  const open = { kind: 'open', arrivalRatePerS, arrivals: 'constant', maxConnections: 64 } as const;
  return {
    name: 'throttle',
    description: '',
    timeoutS: 5,
    stages: [
      { ...open, name: 'warm-up', durationS: 8, warmUp: true },
      { ...open, name: 'load', durationS, warmUp: false },
    ],
    thresholds: [],
    autostop: [],
  };
}

const type = findBurstableType('t2.micro');

/** When the bank says that the credits are gone. */
function predictMs(vcpus: number): number {
  const bank = openBank(type, 'standard', credits);
  const { flow } = spendCredits(type, bank, { durationMs: 24 * 3_600_000, vcpus: Math.min(type.vcpus, vcpus) });
  return (flow.firstThrottleMs ?? Number.NaN) / creditClock;
}

/**
 * Prints each pair: a machine with a full balance shows what the load takes, one with few credits runs out of them. What that one took
 * until then stands beside it: how far off the bank itself was.
 */
export async function run(): Promise<boolean> {
  const errors: number[] = [];
  const own: number[] = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const perS = rates[repeat % rates.length] as number;
    const { vcpus } = await load(perS, 'full', 10);
    const predictedMs = predictMs(vcpus);
    const { throttledMs, vcpus: taken } = await load(perS, credits, 60);
    if (throttledMs === undefined) throw new Error('the credits were not gone within a minute');
    const off = (ms: number) => 100 * (ms / throttledMs - 1);
    errors.push(off(predictedMs));
    own.push(off(predictMs(taken)));
    print(
      `${perS}/s of the home page takes ${vcpus.toFixed(3)} vCPU: credits gone after ${(predictedMs / 1000).toFixed(2)} s predicted, ${(throttledMs / 1000).toFixed(2)} s measured, ${off(predictedMs).toFixed(1)} % off; it took ${taken.toFixed(3)} vCPU then, from which the bank is ${off(predictMs(taken)).toFixed(1)} % off`,
    );
  }
  print(
    `median of the errors ${median(errors.map(Math.abs)).toFixed(1)} %; of the bank itself ${median(own.map(Math.abs)).toFixed(1)} %`,
  );
  return median(errors.map(Math.abs)) <= 5;
}

import { describe, expect, test } from '@jest/globals';
import {
  creditBaselineVcpus,
  extendCatalogue,
  findBurstableType,
  findInstanceType,
  instanceCatalogue,
} from '../../catalogue/instance-catalogue.ts';
import shipped from '../../catalogue/instances.json' with { type: 'json' };
import { UserError } from '../../user-error.ts';

const burstable = instanceCatalogue.filter(({ instanceType }) => /^t[234][ag]?\./.test(instanceType));

describe('the shipped catalogue', () => {
  test('has the types of T2, T3, T3a and T4g, flex types, and small ones of Azure and Google, once each', () => {
    const names = instanceCatalogue.map((each) => each.instanceType);
    expect(new Set(names).size).toBe(instanceCatalogue.length);
    expect(burstable).toHaveLength(28);
    for (const name of ['m7i-flex.large', 'c7i-flex.large', 'B2ats_v2', 'B1s', 'e2-micro', 'e2-medium'])
      expect(names).toContain(name);
  });

  test.each(burstable.map((each) => [each.instanceType, each] as const))(
    '%s keeps the relations of the user guide',
    (name, { vcpus, credits }) => {
      expect(credits?.maxAccruedCredits).toBeCloseTo(24 * (credits?.creditsEarnedPerHour ?? 0), 9);
      expect(credits?.maxSurplusCredits).toBe(credits?.maxAccruedCredits);
      expect(credits?.launchCredits).toBe(name.startsWith('t2.') ? 30 * vcpus : 0);
      expect(credits?.defaultMode).toBe(name.startsWith('t2.') ? 'standard' : 'unlimited');
    },
  );

  test.each(
    instanceCatalogue.filter((each) => !burstable.includes(each)).map((each) => [each.instanceType, each] as const),
  )(
    '%s names its own source and keeps the relations of its provider',
    (name, { vcpus, credits, promisedVcpus = vcpus, source }) => {
      expect(source).toMatch(/AWS|MicrosoftDocs|Google/);
      expect(promisedVcpus).toBeLessThanOrEqual(vcpus);
      if (!credits) return;
      expect(credits.launchCredits).toBe(30 * vcpus);
      // The document's figure.
      expect(credits.maxAccruedCredits).toBe(name === 'B8ms' ? 1994 : 24 * credits.creditsEarnedPerHour);
    },
  );

  test('says where every figure comes from', () => {
    const [first] = instanceCatalogue;
    const figures = [...Object.keys(first ?? {}), ...Object.keys(first?.credits ?? {})];
    const named = figures.filter((figure) => figure !== 'instanceType' && figure !== 'credits');
    expect(Object.keys(shipped.sources).sort()).toEqual(named.sort());
  });

  test('t2.medium and t2.micro are what the question is about', () => {
    const medium = findBurstableType('t2.medium');
    const micro = findBurstableType('t2.micro');
    expect([medium.vcpus, medium.memoryGiB, medium.usdPerHour, creditBaselineVcpus(medium.credits)]).toEqual([
      2, 4, 0.0464, 0.4,
    ]);
    expect([micro.vcpus, micro.guestMemoryMiB, micro.usdPerHour, creditBaselineVcpus(micro.credits)]).toEqual([
      1, 949, 0.0116, 0.1,
    ]);
    expect(730 * ((medium.usdPerHour ?? 0) - (micro.usdPerHour ?? 0))).toBeCloseTo(25.4, 2);
  });
});

describe('a type that is not there', () => {
  test('is the mistake of a user, who is told the nearest', () => {
    expect(() => findInstanceType('t2.mikro')).toThrow(UserError);
    expect(() => findInstanceType('t2.mikro')).toThrow('Did you mean t2.micro?');
    expect(findInstanceType('T2.Micro').instanceType).toBe('t2.micro');
    expect(findInstanceType('b2ats_V2').instanceType).toBe('B2ats_v2');
  });
});

describe('own types and prices', () => {
  const own = { instanceType: 'm5.large', vcpus: 2, memoryGiB: 8, guestMemoryMiB: 7680, usdPerHour: 0.096 };

  test('are added to the shipped ones', () => {
    const catalogue = extendCatalogue({ instances: [own], usdPerHour: { 't2.micro': 0.0134 } }, 'own.json');
    expect(findInstanceType('m5.large', catalogue)).toEqual(own);
    expect(findInstanceType('t2.micro', catalogue).usdPerHour).toBe(0.0134);
    expect(findInstanceType('t2.small', catalogue)).toEqual(findInstanceType('t2.small'));
    expect(() => findBurstableType('m5.large', catalogue)).toThrow('has no CPU credits');
  });

  test('replace a shipped type of the same name', () => {
    const catalogue = extendCatalogue({ instances: [{ ...own, instanceType: 't2.nano' }] }, 'own.json');
    expect(catalogue).toHaveLength(instanceCatalogue.length);
    expect(findInstanceType('t2.nano', catalogue).vcpus).toBe(2);
  });

  test.each([
    [{ instances: [{ ...own, vcpus: 0 }] }, 'own.json: field instances.0.vcpus: '],
    [{ instances: [{ ...own, vcpu: 2 }] }, 'own.json: field instances.0: '],
    [[], 'own.json: field (whole): '],
    [{ usdPerHour: { 't2.mirco': 1 } }, 'Did you mean t2.micro?'],
  ])('%j is refused with the place of what is wrong', (value, message) => {
    expect(() => extendCatalogue(value, 'own.json')).toThrow(UserError);
    expect(() => extendCatalogue(value, 'own.json')).toThrow(message);
  });
});

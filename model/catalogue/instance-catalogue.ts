// The instance types that headroom knows, each figure with its source (instances.json), and those that a user adds.
import * as z from 'zod';
import { checked } from '../checked.ts';
import { didYouMean } from '../nearest.ts';
import { UserError } from '../user-error.ts';
import shipped from './instances.json' with { type: 'json' };

const creditModeSchema = z.enum(['standard', 'unlimited']);
export type CreditMode = z.infer<typeof creditModeSchema>;

/** One credit is one vCPU at 100 % for one minute. */
const creditTermsSchema = z.strictObject({
  /** Earned all the time that the machine runs, busy or not. A sixtieth of it is the credit baseline in vCPUs. */
  creditsEarnedPerHour: z.number().positive(),
  /** Earned credits beyond this are discarded. */
  maxAccruedCredits: z.number().positive(),
  /** Given at each launch and start in standard mode; 0 for a family that gets none. */
  launchCredits: z.number().nonnegative(),
  /** Surplus in unlimited mode that can still be paid back by earning; spending beyond it is charged. Absent: there is no such mode. */
  maxSurplusCredits: z.number().positive().exactOptional(),
  defaultMode: creditModeSchema,
  /** How long credits outlive a stop of the machine. */
  keptWhenStoppedHours: z.number().nonnegative(),
  surplusUsdPerVcpuHour: z.number().nonnegative().exactOptional(),
});
type CreditTerms = z.infer<typeof creditTermsSchema>;

const instanceTypeSchema = z.strictObject({
  instanceType: z.string().regex(/^[A-Za-z0-9_-]+(\.[a-z0-9-]+)?$/, 'a type reads like t2.micro'),
  vcpus: z.number().int().positive(),
  /** As it is sold. */
  memoryGiB: z.number().positive(),
  /** What the guest's kernel has of it. */
  guestMemoryMiB: z.number().positive(),
  /** On demand; absent where it was not read. */
  usdPerHour: z.number().nonnegative().exactOptional(),
  /** vCPUs that it has without end, where all of them are usual and not promised. */
  promisedVcpus: z.number().positive().exactOptional(),
  /** Whether a vCPU is a core of its own or one of a core's two threads. */
  vcpuKind: z.enum(['core', 'thread']).exactOptional(),
  processor: z.string().exactOptional(),
  /** Bandwidth in each direction; bursts above the baseline last for minutes. Absent: not known. */
  network: z.strictObject({ baselineGbps: z.number().positive(), burstGbps: z.number().positive() }).exactOptional(),
  /** Microseconds of CPU time of one redis SET, for a type that vcpu-speed.json does not have or to replace its figure. */
  redisSetUs: z.number().positive().exactOptional(),
  /** Absent for a type of fixed performance. */
  credits: creditTermsSchema.exactOptional(),
  /** Where the figures come from that `sources` says nothing of. */
  source: z.string().exactOptional(),
});
export type InstanceType = z.infer<typeof instanceTypeSchema>;

/** A burstable type. */
export type BurstableType = InstanceType & { readonly credits: CreditTerms };

/** Memory of a Linux server without services; no source gives a figure for EC2, operators report 150 to 200 MiB. */
export const systemBytes = 180 * 1024 ** 2;

export type InstanceCatalogue = readonly InstanceType[];

/** The types that headroom ships with: those of EC2 with prices of us-east-1, and small ones of Azure and Google. */
export const instanceCatalogue: InstanceCatalogue = z.array(instanceTypeSchema).parse(shipped.instances);

/** What the prices are of, and the date of the list that they were taken from. */
export const priceBasis = {
  region: shipped.region,
  operatingSystem: shipped.operatingSystem,
  date: /price list of (\S+):/.exec(shipped.sources.usdPerHour)?.[1] ?? '',
};

/** Judged where the user named no type: what headroom's question is about, the larger one first. */
export const defaultTypes: readonly string[] = ['t2.medium', 't2.micro'];

const ownTypesSchema = z.strictObject({
  /** Whole types, new or in place of shipped ones. */
  instances: z.array(instanceTypeSchema).default([]),
  /** Other prices of shipped types: another region, a saving plan. */
  usdPerHour: z.record(z.string(), z.number().nonnegative()).default({}),
});

/** The catalogue with a user's own types and prices, as read from `file`; errors name the file and the field. */
export function extendCatalogue(own: unknown, file: string, base: InstanceCatalogue = instanceCatalogue) {
  const { instances, usdPerHour } = checked(own, ownTypesSchema, file);
  const replaced = new Set(instances.map((each) => each.instanceType));
  const all: InstanceCatalogue = [...base.filter((each) => !replaced.has(each.instanceType)), ...instances];
  for (const name of Object.keys(usdPerHour)) findInstanceType(name, all);
  return all.map((each) => {
    const own = usdPerHour[each.instanceType];
    return own === undefined ? each : { ...each, usdPerHour: own };
  });
}

/**
 * The type of that name; an unknown one is a UserError that suggests the nearest. Only a command that passes a catalogue takes other
 * types from a file.
 */
export function findInstanceType(name: string, catalogue?: InstanceCatalogue): InstanceType {
  const types = catalogue ?? instanceCatalogue;
  const found = types.find((each) => each.instanceType.toLowerCase() === name.toLowerCase());
  if (found) return found;
  const names = types.map((each) => each.instanceType);
  const families = [...new Set(names.map(familyName))].join(', ');
  const addOthers = catalogue === undefined ? '' : ' Add other types with --types FILE.';
  throw new UserError(
    `"${name}" is not an instance type of the catalogue (${families}).${didYouMean(name.toLowerCase(), names)}${addOthers}`,
  );
}

/** As its provider names it: `t3`, `e2`, `Azure B`. */
function familyName(name: string): string {
  const family = name.split('.')[0] as string;
  return family.replace(/^B\d\w*$/, 'Azure B').replace(/^e2-.*/, 'e2');
}

/** The types of a flag's list, with commas between their names, each once; an empty or unknown name is a UserError. */
export function findInstanceTypes(flag: string, list: string, catalogue?: InstanceCatalogue): readonly InstanceType[] {
  const types = list.split(',').map((each) => {
    const name = each.trim();
    if (name === '')
      throw new UserError(`${`${flag} ${list}`.trim()} has an empty name: give types like t2.micro,t2.medium`);
    return findInstanceType(name, catalogue);
  });
  const twice = types.find((type, index) => types.indexOf(type) !== index);
  if (!twice) return types;
  throw new UserError(`${flag} ${list} has ${twice.instanceType} twice: give each type once`);
}

/** The type of that name, which must earn CPU credits. */
export function findBurstableType(name: string, catalogue?: InstanceCatalogue): BurstableType {
  const { credits, ...rest } = findInstanceType(name, catalogue);
  if (credits) return { ...rest, credits };
  throw new UserError(`${name} is a type of fixed performance and has no CPU credits: give a burstable type`);
}

/** The mode of a type's credits: the asked one where it has that. Undefined for a type without credits. */
export function creditModeOf({ credits }: InstanceType, asked: CreditMode | undefined): CreditMode | undefined {
  if (!credits) return undefined;
  return credits.maxSurplusCredits === undefined ? 'standard' : (asked ?? credits.defaultMode);
}

/** The baseline performance of a burstable type, in vCPUs: what the CPU credits that it earns pay for. */
export function creditBaselineVcpus(credits: CreditTerms): number {
  return credits.creditsEarnedPerHour / 60;
}

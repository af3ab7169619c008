// What the metadata service adds to the flags where the target runs on the EC2 instance that headroom runs on.
import { withArticle } from '../../../model/article.ts';
import { type InstanceType, instanceCatalogue } from '../../../model/catalogue/instance-catalogue.ts';
import { isHere } from '../../../model/is-here.ts';
import { readInstanceMetadata } from '../../cli/instance-metadata.ts';
import { parseTarget } from '../../cli/target-url.ts';
import type { StressFlags } from '../flags/stress-flags.ts';

/** Used for --instance and --host, which win. */
type InstanceHere = { readonly instance?: InstanceType; readonly host?: string };

type Flags = Pick<StressFlags, 'target' | 'instance' | 'instances' | 'emulate' | 'host'>;

/** Empty elsewhere than on EC2, for a target on another machine, and where flags say it all. What was found or not goes to `say`. */
export async function findInstanceHere(
  { target, instance, instances, emulate, host }: Flags,
  environment: NodeJS.ProcessEnv,
  say: (text: string) => void,
): Promise<InstanceHere> {
  const emulated = instances !== undefined || emulate === 'always';
  if (!isHere(target === undefined ? undefined : parseTarget('--target', target))) return {};
  if ((instance !== undefined || emulated) && host !== undefined) return {};
  const found = await readInstanceMetadata(environment);
  if (found === undefined) return {};
  if (typeof found === 'string') {
    say(`${found}. Name them with --instance and --host where they matter`);
    return {};
  }
  const type = instanceCatalogue.find(({ instanceType }) => instanceType === found.instanceType);
  const unknown = type ? '' : ', a type that the catalogue does not have';
  say(`This machine is ${found.instanceId}, ${withArticle(found.instanceType)}${unknown}`);
  return { host: found.instanceId, ...(type && !emulated && { instance: type }) };
}

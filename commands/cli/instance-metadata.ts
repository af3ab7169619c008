// The EC2 instance that headroom runs on, from its metadata service (version 2, which requires a token).
import { readFileSync } from 'node:fs';

type InstanceMetadata = { readonly instanceType: string; readonly instanceId: string };

const linkLocal = 'http://169.254.169.254';
/** For all of its answers together. */
const timeoutMs = 1000;
const dmi = '/sys/class/dmi/id';

/**
 * Type and id of this instance, or why an instance's service did not give them. Undefined elsewhere than on EC2: what the firmware says is
 * read first, so that no other host is asked. `AWS_EC2_METADATA_SERVICE_ENDPOINT` replaces the address, and is asked on any host.
 */
export async function readInstanceMetadata(
  environment: NodeJS.ProcessEnv,
): Promise<InstanceMetadata | string | undefined> {
  const endpoint = environment.AWS_EC2_METADATA_SERVICE_ENDPOINT || undefined;
  if (environment.AWS_EC2_METADATA_DISABLED === 'true' || (endpoint === undefined && !isEc2())) return undefined;
  const base = (endpoint ?? linkLocal).replace(/\/+$/, '');
  const signal = AbortSignal.timeout(timeoutMs);
  const ask = async (path: string, init: RequestInit): Promise<string> => {
    const response = await fetch(`${base}/latest/${path}`, { ...init, signal, redirect: 'error' });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return (await response.text()).trim();
  };
  try {
    const ttl = { 'X-aws-ec2-metadata-token-ttl-seconds': '60' };
    const token = await ask('api/token', { method: 'PUT', headers: ttl });
    if (!/^[\w+/=-]+$/.test(token)) throw new Error('api/token is not a token');
    const headers = { 'X-aws-ec2-metadata-token': token };
    const [instanceType, instanceId] = await Promise.all(
      ['instance-type', 'instance-id'].map((name) => ask(`meta-data/${name}`, { headers })),
    );
    if (!/^[a-z][\w-]*\.[\w-]+$/.test(instanceType ?? '')) throw new Error('instance-type is not an instance type');
    if (!/^i-[0-9a-f]+$/.test(instanceId ?? '')) throw new Error('instance-id is not an instance id');
    return { instanceType: instanceType as string, instanceId: instanceId as string };
  } catch (error) {
    return `The EC2 metadata service gave no instance type and id: ${whyNot(error as Error)}`;
  }
}

/** Whether the firmware says EC2: Nitro names it as vendor, Xen (T2) in the version. */
export function isEc2(folder = dmi): boolean {
  return ['sys_vendor', 'bios_vendor', 'bios_version', 'board_asset_tag'].some((name) => {
    try {
      return /amazon|^i-[0-9a-f]{8,}/i.test(readFileSync(`${folder}/${name}`, 'utf8'));
    } catch {
      // A container or another kernel has no such file.
      return false;
    }
  });
}

function whyNot({ name, message, cause }: Error): string {
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  return (cause as Error | undefined)?.message ?? message;
}

import { customAlphabet } from 'nanoid';

const suffix = customAlphabet('23456789abcdefghjkmnpqrstuvwxyz', 4);

/** A unique name for a run's folder that sorts by time: `20261122-095047-stress-k3fm`. */
export function runId(startedAt: Date, profile: string): string {
  const time = startedAt.toISOString().slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-');
  const word =
    profile
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'run';
  return `${time}-${word.slice(0, 30)}-${suffix()}`;
}

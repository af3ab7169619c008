// Work outside the kernel: how far one workload of Geekbench differs between two types from the mean of others, and what a prediction from both
// parts says of a static web server, which is mostly kernel.
import { geometricMean, userSpeeds, userWorkloads } from '../../model/catalogue/user-speed.ts';
import { familyOf, measuredVcpus } from '../../model/catalogue/vcpu-speed.ts';
import { interval, percent, print, quantileOf, wantedShare } from './error-interval.ts';

/** From every type with scores to every one of another family: the ratio of each workload's scores over that of their means. */
export function findUserErrors(): readonly { readonly from: string; readonly to: string; readonly error: number }[] {
  return userSpeeds.flatMap((from) =>
    userSpeeds
      .filter(({ type }) => familyOf(type) !== familyOf(from.type))
      .flatMap((to) => {
        const mean = Math.log(geometricMean(to, 'single') / geometricMean(from, 'single'));
        return userWorkloads.map((_, index) => ({
          from: familyOf(from.type),
          to: familyOf(to.type),
          error: Math.log((to.single[index] as number) / (from.single[index] as number)) - mean,
        }));
      }),
  );
}

/** Each family judged by the interval of all others. */
export function printUserWork(): boolean {
  const errors = findUserErrors();
  const families = [...new Set(errors.map(({ to }) => to))];
  const isHeld = families.flatMap((family) => {
    const { low, high } = interval(
      errors.filter(({ from, to }) => to !== family && from !== family).map(({ error }) => error),
    );
    return errors
      .filter(({ to }) => to === family)
      .map(({ error }) => Math.exp(error) >= low && Math.exp(error) <= high);
  });
  const share = isHeld.filter(Boolean).length / isHeld.length;
  print(
    `outside the kernel: ${families.length} families, ${userWorkloads.length} workloads of Geekbench by their mean; the interval holds for ${percent(share)}`,
  );
  const byShare = [1, 0.8, 0].map((systemShare) => `${percent(medianError(systemShare))} at ${systemShare}`);
  print(`a GET of a static page by its share of system time, median error: ${byShare.join(', ')}`);
  return share >= wantedShare;
}

/** Of GETs on one type with scores, predicted from those on each other. */
function medianError(systemShare: number): number {
  const known = userSpeeds.flatMap((scores) => {
    const vcpu = measuredVcpus.find(({ type }) => type === scores.type);
    return vcpu ? [{ ...vcpu, score: geometricMean(scores, 'all') }] : [];
  });
  const errors = known.flatMap((from) =>
    known
      .filter(({ type }) => type !== from.type)
      .map((to) => {
        const times = (systemShare * to.redisSetUs) / from.redisSetUs + ((1 - systemShare) * from.score) / to.score;
        return Math.abs(to.staticWebUs / from.staticWebUs / times - 1);
      }),
  );
  return quantileOf(
    errors.sort((a, b) => a - b),
    0.5,
  );
}

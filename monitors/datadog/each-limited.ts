/**
 * Runs `work` on every item, at most `limit` at a time. After an error it starts nothing more, waits for what is running, and throws
 * the error. (p-map rejects while writes are still running.)
 */
export async function eachLimited<T>(
  items: readonly T[],
  limit: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  let failed = false;
  const worker = async () => {
    for (const item of queue) {
      if (failed) return;
      try {
        await work(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: Math.min(limit, items.length) }, worker));
  const rejected = ended.find((result) => result.status === 'rejected');
  if (rejected) throw rejected.reason;
}

// 500 monitors against an API that takes 50 ms for every answer: how long plan and apply take, and how many calls they make.
import { connectDatadog } from '../../monitors/datadog/datadog.ts';
import { allDefinitions } from '../../monitors/definitions/all.ts';
import { applyMonitors, planMonitors } from '../../monitors/plan/manage.ts';
import { keys, startFakeDatadog } from '../../monitors/test/fake-datadog/server.ts';
import { print } from '../rounds.ts';

const count = 500;

export const claim = '500 monitors at 50 ms latency: plan under 3 s, apply under 20 s, and no call too many';

/** Times a first apply and the plan after it and counts their calls. */
export async function run(): Promise<boolean> {
  const fake = await startFakeDatadog({ latencyMs: 50 });
  try {
    const host = 'i-0abc';
    const [one] = await allDefinitions({ host, recipients: [], tags: [] });
    if (!one) throw new Error('there are no definitions');
    const definitions = Array.from({ length: count }, (_, index) => ({
      ...one,
      key: `cpu-user-${index}`,
      name: `${one.name} (${index})`,
      thresholds: { critical: 10 + index / 10 },
    }));
    const options = { datadog: connectDatadog({ ...keys, apiUrl: fake.url }), host, definitions };
    const timed = async (work: () => Promise<unknown>) => {
      const [begin, callsBefore] = [performance.now(), fake.asked.length];
      await work();
      return { seconds: (performance.now() - begin) / 1000, calls: fake.asked.length - callsBefore };
    };
    const apply = await timed(() => applyMonitors(options));
    const plan = await timed(() => planMonitors(options));
    // The list (one page) and the dashboard's list; one validation and one write for each; the dashboard's write.
    const most = { plan: 2, apply: 2 + 2 * count + 1 };
    for (const [name, { seconds, calls }] of Object.entries({ plan, apply })) {
      print(`${name}: ${seconds.toFixed(2)} s, ${calls} calls (at most ${most[name as keyof typeof most]})`);
    }
    return plan.seconds < 3 && apply.seconds < 20 && plan.calls <= most.plan && apply.calls <= most.apply;
  } finally {
    await fake.close();
  }
}

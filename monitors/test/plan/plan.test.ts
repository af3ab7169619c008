import { describe, expect, test } from '@jest/globals';
import type { StoredMonitor } from '../../datadog/records.ts';
import { allDefinitions } from '../../definitions/all.ts';
import { makePlan } from '../../plan/plan.ts';
import { planText } from '../../plan/plan-document.ts';
import { wantedMonitor } from '../../spec/wanted-monitor.ts';

const host = 'i-0abc';
const wanted = (await allDefinitions({ host, recipients: [], tags: [] }))
  .slice(0, 2)
  .map((definition) => wantedMonitor(definition, host));
const [first, second] = wanted;
if (!first || !second) throw new Error('there are no definitions');
const stored = (id: number, from: typeof first, more: Partial<StoredMonitor> = {}): StoredMonitor => ({
  ...from,
  id,
  restrictedRoles: [],
  state: 'OK',
  muted: false,
  ...more,
});

describe('makePlan', () => {
  test('tags are compared as Datadog keeps them', () => {
    const [tagged] = wanted.map((each) => ({ ...each, tags: [...each.tags, 'Team:Web  &  Ops', 'zone:a__b_'] }));
    if (!tagged) throw new Error('no monitor');
    const tags = [...tagged.tags.slice(0, -2), 'team:web_ops', 'zone:a_b'];
    expect(makePlan([tagged], [stored(1, tagged, { tags })], host).unchanged).toHaveLength(1);
  });

  test('whatever the server lists, only what carries the owner tag is ours', () => {
    const foreign = [
      stored(1, first, { tags: ['headroom_key:cpu-user', 'headroom_host:i-0abc'] }),
      stored(2, first, { tags: ['managed_by:headroom'] }),
      stored(3, first, { tags: ['managed_by:terraform', 'headroom_key:gone'] }),
      stored(4, first, { tags: ['managed_by:headroom', 'headroom_key:gone', 'headroom_host:i-other'] }),
    ];
    const plan = makePlan(wanted, foreign, host);
    expect(plan).toMatchObject({ creates: wanted, updates: [], deletes: [], unchanged: [] });
  });

  test('one that lost its host tag is known by its query and gets it back', () => {
    const tags = first.tags.filter((tag) => !tag.startsWith('headroom_host:'));
    const plan = makePlan(wanted, [stored(1, first, { tags }), stored(2, second)], host);
    expect(plan.creates).toEqual([]);
    expect(plan.updates.map(({ stored: { id }, changes }) => [id, changes.map(({ field }) => field)])).toEqual([
      [1, ['tags']],
    ]);
    expect(plan.unchanged).toEqual([{ key: second.key, id: 2 }]);
  });

  test('an edited message is shown line by line', () => {
    const message = first.message.replace(/\{\{#is_recovery[\s\S]*/, 'by hand');
    const text = planText(makePlan([first], [stored(1, first, { message })], host));
    expect(text).toMatch(/message:\n {6}- by hand\n {6}\+ \{\{#is_recovery\}\}/);
    expect(text).toContain('0 to create, 1 to update, 0 to delete, 0 unchanged');
  });

  test('restricted roles are a change: everyone may edit', () => {
    const plan = makePlan([first], [stored(1, first, { restrictedRoles: ['r'] })], host);
    expect(plan.updates[0]?.changes).toEqual([{ field: 'restrictedRoles', from: ['r'], to: [] }]);
  });
});

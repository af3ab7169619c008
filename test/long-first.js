// Plain JavaScript, because Jest loads it before its transforms. The files that take longest start first: a long one that
// starts last leaves a core idle. The others keep the order that Jest gives them.
import Sequencer from '@jest/test-sequencer';

const longest = [
  'test/jenkins.test.ts',
  'reports/test/render/page.test.ts',
  'test/pipeline.test.ts',
  'test/load.test.ts',
  'deploy/test/stress-stage.test.ts',
  'deploy/test/set-up.test.ts',
  'app/test/cluster/fleet.test.ts',
  'app/test/http/pages.test.ts',
  'loadtest/test/engines/open-outcomes.test.ts',
  'test/package.test.ts',
  'test/monitors-command.test.ts',
  'test/stress-datadog.test.ts',
  'test/launch.test.ts',
  'test/pair.test.ts',
];

export default class LongFirst extends Sequencer {
  sort(tests) {
    const rank = ({ path }) => {
      const index = longest.findIndex((name) => path.endsWith(`/${name}`));
      return index < 0 ? longest.length : index;
    };
    return super.sort(tests).sort((one, other) => rank(one) - rank(other));
  }
}

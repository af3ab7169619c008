import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { evaluateThreshold, parseThreshold } from '../threshold.ts';
import { UserError } from '../user-error.ts';

/** The message of the UserError that parsing ends in. */
function complaint(text: string): string {
  try {
    parseThreshold(text);
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  throw new Error(`${text} was understood`);
}

describe('parseThreshold', () => {
  test.each([
    ['latency.p99 < 100ms', 'latency.p99', undefined, '<', 100_000],
    ['latency.p50<=0.5 s', 'latency.p50', undefined, '<=', 500_000],
    ['latency.mean < 250µs', 'latency.mean', undefined, '<', 250],
    ['errors.rate < 1%', 'errors.rate', undefined, '<', 1],
    ['throughput >= 500/s', 'throughput', undefined, '>=', 500],
    ['  system.cpu.user.max  <  90 %  ', 'system.cpu.user', 'max', '<', 90],
    ['system.load.1.avg < 2', 'system.load.1', 'avg', '<', 2],
    ['app.mem.rss.max < 400MiB', 'app.mem.rss', 'max', '<', 400 * 1024 * 1024],
  ])('%s', (text, metric, aggregation, operator, limit) => {
    expect(parseThreshold(text)).toMatchObject({ metric, operator, limit, ...(aggregation && { aggregation }) });
  });

  test.each([
    ['latency.p99 << 3', 13, 'expected a number'],
    ['latency.p99 < 100', 17, 'expected the unit us or µs or ms or s'],
    ['latency.p99 < 100 bytes', 18, 'expected the unit'],
    ['latency.p99 100ms', 12, 'expected one of < <= > >='],
    ['latency.p98 < 1ms', 0, 'Did you mean latency.p9'],
    ['system.cpu.user < 90%', 0, 'expected an aggregation'],
    ['system.load.1.max < 2%', 21, 'this figure has no unit'],
    ['', 0, 'expected a metric'],
    ['throughput > -5/s', 13, 'expected a number'],
    ['constructor < 1', 0, 'unknown metric'],
    ['toString.max < 1', 0, 'unknown metric'],
    ['errors.count < 5constructor', 16, 'this figure has no unit'],
  ])('%s points at column %i', (text, column, words) => {
    const [, shown, pointer] = complaint(text).split('\n');
    expect(shown).toBe(`  ${text}`);
    expect(pointer?.indexOf('^')).toBe(column + 2);
    expect(pointer).toContain(words);
  });

  test('what is printed is understood again, as the same', () => {
    for (const text of [
      'latency.p99 < 100ms',
      'system.cpu.user.max < 90 %',
      'throughput>=5/s',
      'errors.rate < 0.0000001%',
      'throughput < 1000000000000000000000000/s',
      'latency.p99 < 007.50ms',
    ]) {
      const once = parseThreshold(text);
      expect(parseThreshold(once.expression)).toEqual(once);
    }
  });

  test('any text is understood or refused in words', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          parseThreshold(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UserError);
        }
      }),
    );
  });
});

describe('evaluateThreshold', () => {
  const threshold = parseThreshold('latency.p99 < 100ms');

  test('is strict about its operator', () => {
    expect(evaluateThreshold(threshold, () => 99_999).verdict).toBe('pass');
    expect(evaluateThreshold(threshold, () => 100_000).verdict).toBe('fail');
    expect(evaluateThreshold(parseThreshold('latency.p99 <= 100ms'), () => 100_000).verdict).toBe('pass');
    expect(evaluateThreshold(parseThreshold('throughput >= 5/s'), () => 4.9)).toMatchObject({
      verdict: 'fail',
      value: 4.9,
    });
  });

  test('without a sample it is no-data, with the reason and without a value', () => {
    const result = evaluateThreshold(threshold, () => ({ code: 'no-expected-answer' }));
    expect(result).toEqual({
      expression: 'latency.p99 < 100ms',
      unit: 'us',
      verdict: 'no-data',
      reason: { code: 'no-expected-answer' },
    });
  });

  test('asks for the aggregation that was written', () => {
    const asked: unknown[] = [];
    evaluateThreshold(parseThreshold('system.cpu.idle.min > 5%'), (...args) => {
      asked.push(args);
      return 10;
    });
    expect(asked).toEqual([['system.cpu.idle', 'min']]);
  });
});

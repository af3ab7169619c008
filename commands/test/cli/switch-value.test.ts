import { expect, test } from '@jest/globals';
import { refuseSwitchValue } from '../../cli/switch-value.ts';

const options = { boolean: ['json', 'poisson'] };

test('a switch takes no other value than true and false', () => {
  expect(refuseSwitchValue(['--json', '--poisson=true', '--no-json', '--json=false', '--out=here'], options)).toBe(
    true,
  );
  expect(() => refuseSwitchValue(['--poisson=maybe'], options)).toThrow(
    '--poisson takes no value. Give it without "maybe"',
  );
  expect(() => refuseSwitchValue(['--no-json=1'], options)).toThrow('--no-json takes no value');
  expect(() => refuseSwitchValue(['--json='], options)).toThrow('--json takes no value');
});

test('what stands behind -- is a command of its own', () => {
  expect(refuseSwitchValue(['--', '--json=maybe'], options)).toBe(true);
});

import { expect, test } from '@jest/globals';
import { findInstanceType } from '../../../model/catalogue/instance-catalogue.ts';
import { baselineMbps } from '../../emulation/port-bandwidth.ts';

test.each([
  ['t2.micro', 64],
  ['t3.micro', 64],
  ['t2.medium', 256],
])('a %s is limited to its baseline of %d Mbit/s', (name, mbps) => {
  expect(baselineMbps(findInstanceType(name))).toBe(mbps);
});

test('a type whose bandwidth is not known is refused by name', () => {
  expect(() => baselineMbps({ instanceType: 'x9.huge' })).toThrow(
    '--emulate-network: the network bandwidth of a x9.huge is not known. Leave out the flag or the type',
  );
});

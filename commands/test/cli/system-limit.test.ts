import { expect, test } from '@jest/globals';
import { describeSystemLimit } from '../../cli/system-limit.ts';

const failed = (code: string, syscall: string) => Object.assign(new Error(code), { code, syscall });

test('a limit of the system is one sentence with its remedy', () => {
  expect(describeSystemLimit(failed('EMFILE', 'open'))).toBe(
    'open failed (EMFILE): this shell allows too few open files. Raise the limit: ulimit -n 4096',
  );
  expect(describeSystemLimit(failed('EAGAIN', 'spawn /bin/sh'))).toBe(
    'spawn failed (EAGAIN): this user may start no more processes. End other programs, or raise the limit: ulimit -u 4096',
  );
});

test.each([failed('EAGAIN', 'read'), failed('ENOENT', 'open'), new TypeError('x'), undefined])(
  '%s is none',
  (error) => {
    expect(describeSystemLimit(error)).toBeUndefined();
  },
);

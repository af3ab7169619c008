import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { chooseHome, describeRefusal, type System } from '../../emulation/cgroup-home.ts';
import { canPin } from '../../emulation/cgroup-tree.ts';
import { makeRoom } from '../../emulation/own-leaf.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'cgroup-'));
  put('cgroup.controllers', 'cpuset cpu io memory pids\n');
});
afterEach(() => rmSync(root, { recursive: true }));

function put(path: string, text: string): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

const mounted = (group = '/') => `31 23 0:27 ${group} ${root} rw,nosuid shared:4 - cgroup2 cgroup2 rw`;

/** An ordinary user of a machine with systemd, with nothing delegated. */
const plain = (changes: Partial<System> = {}): System => ({
  mountinfo: mounted(),
  ownGroups: '0::/jenkins.service\n',
  root: false,
  systemd: true,
  writable: () => false,
  ...changes,
});

describe('the home of our groups', () => {
  test('is one tree for each controller in v1', () => {
    const mountinfo = ['cpu,cpuacct', 'memory', 'cpuset']
      .map((each) => `30 23 0:26 / /c/${each} rw shared:3 - cgroup cgroup rw,${each}`)
      .concat(mounted())
      .join('\n');
    expect(chooseHome(plain({ mountinfo }))).toEqual({
      kind: 'v1',
      cgroups: {
        version: 1,
        trees: { cpu: '/c/cpu,cpuacct', cpuacct: '/c/cpu,cpuacct', memory: '/c/memory', cpuset: '/c/cpuset' },
      },
    });
  });

  test('is a scope of systemd for root, and the root itself where there is no systemd', () => {
    expect(chooseHome(plain({ root: true }))).toEqual({ kind: 'scope', tree: root });
    expect(chooseHome(plain({ root: true, systemd: false }))).toEqual({ kind: 'root', tree: root });
  });

  test('is the own group of a user to whom it was delegated, also from inside our leaf in it', () => {
    put('jenkins.service/cgroup.controllers', 'cpu memory\n');
    const home = { kind: 'own', tree: join(root, 'jenkins.service') };
    expect(chooseHome(plain({ writable: () => true }))).toEqual(home);
    expect(chooseHome(plain({ writable: () => true, ownGroups: '0::/jenkins.service/headroom-leaf\n' }))).toEqual(home);
  });

  test('is found where a part of the groups is mounted', () => {
    put('jenkins.service/cgroup.controllers', 'cpu memory\n');
    const part = { mountinfo: mounted('/docker/ab'), writable: () => true };
    expect(chooseHome(plain({ ...part, ownGroups: '0::/docker/ab/jenkins.service\n' }))).toEqual({
      kind: 'own',
      tree: join(root, 'jenkins.service'),
    });
    expect(chooseHome(plain({ ...part, ownGroups: '0::/elsewhere\n' }))).toEqual({ kind: 'root', tree: root });
  });

  test('is missing for a user without delegation, without controllers, and without control groups', () => {
    expect(chooseHome(plain())).toBe(
      `this user may not change the control groups in ${root}/jenkins.service (EACCES). Run as root, under "systemd-run --user --scope -p Delegate=yes", or in a unit with Delegate=yes`,
    );
    put('jenkins.service/cgroup.controllers', 'pids\n');
    expect(chooseHome(plain({ writable: () => true }))).toContain('offer no cpu and no memory controller');
    expect(chooseHome(plain({ mountinfo: '22 1 0:20 / /proc rw - proc proc rw' }))).toContain('no control groups');
  });

  test('names what the kernel refused', () => {
    expect(describeRefusal('EROFS', '/c')).toContain('the control groups in /c are mounted read-only (EROFS)');
    expect(describeRefusal('EBUSY', '/c')).toContain('processes that cannot be moved (EBUSY)');
    expect(describeRefusal('EACCES', undefined)).toContain('this user may not change control groups (EACCES)');
  });

  test('says whether groups can be held to cores', () => {
    expect(canPin({ version: 2, tree: root })).toBe(true);
    put('cgroup.controllers', 'cpu memory\n');
    expect(canPin({ version: 2, tree: root })).toBe(false);
  });
});

describe('room for groups below a group', () => {
  const control = () => readFileSync(join(root, 'cgroup.subtree_control'), 'utf8');

  test('at the root needs the controllers alone; those that were off go off again', () => {
    put('cgroup.procs', '1\n');
    put('cgroup.subtree_control', 'cpu\n');
    const undo = makeRoom(root);
    expect(control()).toBe('+memory +cpuset');
    undo();
    expect(control()).toBe('-memory -cpuset');
  });

  test('stays while another run has groups there', () => {
    put('cgroup.procs', '');
    put('cgroup.subtree_control', '');
    const undo = makeRoom(root);
    put('headroom-1-1-t2.micro/cpu.max', '');
    undo();
    expect(control()).toBe('+cpu +memory +cpuset');
  });
});

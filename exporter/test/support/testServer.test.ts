import { expect, it } from 'vitest';
import { memoryDirectory } from './testServer.js';

const GIB = 1024 ** 3;
const ABOVE = 'proc /proc proc rw 0 0\n';

it.each([
  ['of any system with systemd', 'tmpfs /dev/shm tmpfs rw,nosuid,nodev,inode64 0 0\n', 12 * GIB, '/dev/shm'],
  ['of a container that was given room', 'shm /dev/shm tmpfs rw,relatime,size=4194304k 0 0\n', 4 * GIB, '/dev/shm'],
  ['of a container', 'shm /dev/shm tmpfs rw,relatime,size=65536k 0 0\n', GIB / 16, null],
  ['that is full', 'tmpfs /dev/shm tmpfs rw 0 0\n', 2 * GIB - 1, null],
  ['that runs nothing', 'tmpfs /dev/shm tmpfs rw,nosuid,noexec 0 0\n', 12 * GIB, null],
  ['that takes nothing', 'tmpfs /dev/shm tmpfs ro 0 0\n', 12 * GIB, null],
  ['on a disk', '/dev/sda1 /dev/shm ext4 rw 0 0\n', 12 * GIB, null],
  ['of which another is mounted', 'tmpfs /dev/shm tmpfs rw 0 0\nshm /dev/shm tmpfs rw,noexec 0 0\n', 12 * GIB, null],
  ['that is not there', '', 12 * GIB, null],
])('a server is in the memory %s, or not', (_, mounts, free, directory) => {
  expect(memoryDirectory(ABOVE + mounts, () => free)).toBe(directory);
});

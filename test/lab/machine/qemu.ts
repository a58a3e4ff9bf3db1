import { join } from 'node:path';

/** Where one QEMU finds and leaves everything. */
export interface QemuFiles {
  /** Kernel, initial RAM disk, and the snapshot where there is one. */
  readonly image: string;
  /** Disk, sockets and logs. */
  readonly machine: string;
}

export interface QemuPorts {
  /** TCP, where ssh into the machine listens. */
  readonly ssh: number;
  /** UDP, where QEMU takes the frames of the uplink. */
  readonly uplink: number;
  /** UDP, where the far switch takes them. */
  readonly farSwitch: number;
}

const UPLINK_MAC = '94:c6:91:1a:a6:3e';
const LAB_MAC = '52:54:00:1a:b0:01';

/**
 * QEMU's command line. Everything listens on 127.0.0.1 only, and the machine reaches nothing but the far switch. A snapshot is
 * continued only by a QEMU with the same devices: nothing here may depend on the machine but files and ports.
 *
 * @param incoming a file written by QMP `migrate`: the machine continues there, instead of booting
 */
export function qemuArgv({ image, machine }: QemuFiles, ports: QemuPorts, incoming?: string): readonly [string, ...string[]] {
  const socket = (port: 'local' | 'remote', number: number): string => `${port}.type=inet,${port}.host=127.0.0.1,${port}.port=${number}`;
  return [
    'qemu-system-x86_64',
    // /dev/kvm may be there and yet run no guest.
    '-machine', 'pc', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '1024',
    '-nodefaults', '-no-user-config', '-display', 'none',
    '-kernel', join(image, 'vmlinuz'), '-initrd', join(image, 'initrd.img'),
    '-append', 'root=/dev/vda rw console=ttyS0 quiet',
    '-serial', `file:${join(machine, 'console.log')}`,
    '-qmp', `unix:${join(machine, 'qmp')},server=on,wait=off`,
    '-drive', `if=none,id=root,format=qcow2,discard=unmap,file=${join(machine, 'disk.qcow2')}`,
    '-device', 'virtio-blk-pci,drive=root,addr=4',
    '-netdev', `dgram,id=uplink,${socket('local', ports.uplink)},${socket('remote', ports.farSwitch)}`,
    '-device', `virtio-net-pci,netdev=uplink,mac=${UPLINK_MAC},addr=5,romfile=`,
    '-netdev', `user,id=lab,restrict=on,hostfwd=tcp:127.0.0.1:${ports.ssh}-:22`,
    '-device', `virtio-net-pci,netdev=lab,mac=${LAB_MAC},addr=6,romfile=`,
    '-device', 'virtio-rng-pci,addr=7',
    ...(incoming === undefined ? [] : ['-incoming', `exec:cat '${incoming}'`]),
  ];
}

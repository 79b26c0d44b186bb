/** Names of capabilities by their number, without CAP_ (linux/capability.h, Linux 6.12). */
const names = (
  'chown dac_override dac_read_search fowner fsetid kill setgid setuid setpcap linux_immutable net_bind_service ' +
  'net_broadcast net_admin net_raw ipc_lock ipc_owner sys_module sys_rawio sys_chroot sys_ptrace sys_pacct sys_admin ' +
  'sys_boot sys_nice sys_resource sys_time sys_tty_config mknod lease audit_write audit_control setfcap mac_override ' +
  'mac_admin syslog wake_alarm block_suspend audit_read perfmon bpf checkpoint_restore'
).split(' ')

/**
 * The capabilities that a file gives to its process, from its attribute `security.capability` (struct vfs_cap_data):
 * names without CAP_, in the order of their numbers. Undefined when it cannot be read.
 */
export function fileCapabilities(attribute: Uint8Array): readonly string[] | undefined {
  const bytes = Buffer.from(attribute)
  if (bytes.length < 12) return undefined
  const revision = bytes.readUInt8(3)
  // Revision 1 has 32 bits; 2 and 3 have 64, of which the halves stand apart.
  const halves = revision === 1 ? 1 : revision === 2 || revision === 3 ? 2 : 0
  if (halves === 0 || bytes.length < 4 + halves * 8) return undefined
  const capabilities: string[] = []
  for (let bit = 0; bit < halves * 32; bit++) {
    const permitted = bytes.readUInt32LE(4 + Math.floor(bit / 32) * 8)
    if (((permitted >>> (bit % 32)) & 1) === 1) capabilities.push(names[bit] ?? `capability ${bit}`)
  }
  return capabilities
}

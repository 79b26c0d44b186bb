import type { CommandResult } from '../scripts/world.ts'

/** Why nothing has to be done for a command. */
export interface Harmless {
  readonly why: string
  /** What the command would answer, when it matters to the rest of the script. */
  readonly result: CommandResult
  /** Worth a line in the summary: the script would have made something, and it is left out on purpose. */
  readonly leftOut?: string
}

const unknown: CommandResult = { status: undefined, output: undefined }
const done: CommandResult = { status: 0, output: '' }
const failed: CommandResult = { status: 1, output: '' }

const groups: readonly { readonly why: string; readonly result: CommandResult; readonly names: string }[] = [
  {
    why: 'no init system runs in a container',
    result: done,
    names:
      'deb-systemd-helper deb-systemd-invoke invoke-rc.d update-rc.d systemctl service initctl telinit runlevel busctl ' +
      'systemd-machine-id-setup journalctl systemd-hwdb udevadm start-stop-daemon policy-rc.d systemd-notify loginctl',
  },
  {
    why: 'debconf asks nobody while an image is made',
    result: done,
    names:
      'db_version db_capb db_fset db_input db_go db_stop db_set db_subst db_reset db_title db_settitle db_purge ' +
      'db_unregister db_register db_beginblock db_endblock db_x_loadtemplatefile debconf-communicate',
  },
  {
    why: 'only for upgrades from older versions',
    result: done,
    names: 'dpkg-maintscript-helper ucfr ucfq update-passwd dpkg-trigger shadowconfig',
  },
  {
    why: 'byte code, caches and indices that programs do without are not made: smaller image, equal digests',
    result: done,
    names:
      'py3compile py3clean pycompile pyclean pypycompile update-mime-database update-mime update-desktop-database ' +
      'update-menus install-info update-info-dir mandb update-icon-caches gtk-update-icon-cache update-xmlcatalog ' +
      'update-catalog aa-enabled apparmor_parser install-docs appstreamcli update-binfmts',
  },
  { why: 'security labels are set by the host', result: done, names: 'restorecon setsebool semodule' },
  {
    why: 'only reads',
    result: unknown,
    names: 'cat head tail sed awk mawk gawk grep egrep fgrep tr cut sort uniq wc',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'readlink realpath stat ls find df du md5sum sha256sum cmp diff file',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'uname arch date hostname who tty ps pidof pgrep lsof ss netstat seq expr',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'getent id whoami groups getconf locale nproc free xargs tac comm join',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'dpkg dpkg-query dpkg-architecture apt-config getcap tput setup_colors print',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'dpkg-vendor lsb_release test-systemd sleep sync kill stty clear mktemp env rev od',
  },
  {
    why: 'only reads',
    result: unknown,
    names: 'basename dirname db_get db_metaget db_exist keytool flock nl paste fold bc',
  },
  {
    why: 'not in a container while it is made',
    result: failed,
    names: 'ischroot systemd-detect-virt',
  },
  { why: 'holds in a container when it runs', result: done, names: 'mountpoint' },
]

const table = new Map<string, Harmless>()
for (const { names, why, result } of groups)
  for (const name of names.split(' ')) table.set(name, { why, result })

const leftOut: readonly {
  readonly pattern: RegExp
  readonly what: string
  readonly result?: CommandResult
}[] = [
  {
    pattern: /^make-ssl-cert\b/,
    what: 'a private key with a self-signed certificate: no key belongs in an image',
  },
  {
    pattern: /^(?:\S*\/)?pg_createcluster\b|^configure_version \d/,
    what: 'a PostgreSQL cluster: it is data, made at first start in a volume',
  },
  { pattern: /^ssh-keygen\b/, what: 'SSH host keys: no key belongs in an image' },
  { pattern: /^configure_client_version \d/, what: 'links of the manual pages of PostgreSQL' },
  { pattern: /^(?:\S*\/)?pg_updateaptconfig\b/, what: 'configuration of apt for PostgreSQL' },
  {
    pattern: /^pg_updatedicts\b/,
    what: 'PostgreSQL text search dictionaries out of spelling packages',
    result: done,
  },
]

/** Says why nothing has to be done for a command; undefined when it may matter. `words` are its words joined. */
export function harmless(name: string, words: string): Harmless | undefined {
  // Longer than any real command: the patterns below would take quadratic time.
  if (words.length > 20_000) return undefined
  if (
    /(?:^|\s)(?:\S*\/)?(?:py_compile|compileall)\.py(?:\s|$)|\s-m\s+(?:py_compile|compileall)\b/.test(words)
  )
    return { why: 'byte code is not made', result: done }
  if (/\b(?:sed|perl|gawk)\b.*\s(?:-[a-zA-Z]*i\S*|--in-place\S*)(?:\s|$)/.test(words)) return undefined
  if (name === 'find' && /\s-(?:delete|exec\S*|ok\S*|fprint\S*|fls)\b/.test(words)) return undefined
  if (name === 'xargs' || name === 'env') {
    const inner = /^\S+(?:\s+-\S+|\s+\w+=\S*)*\s+(\S+)/.exec(words)?.[1]
    if (inner !== undefined && !table.has(inner)) return undefined
  }
  if (name === 'sort' && /\s-o/.test(words)) return undefined
  if (name === 'dpkg' && /\s(?:-i|--install|--unpack|--configure|-r|-P|--remove|--purge)\b/.test(words))
    return undefined
  if (name === 'keytool' && !/\s-list\b/.test(words)) return undefined
  for (const { pattern, what, result } of leftOut)
    if (pattern.test(words)) return { why: what, result: result ?? done, leftOut: what }
  return table.get(name)
}

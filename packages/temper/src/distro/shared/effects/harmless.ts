import type { CommandResult } from '../scripts/world.ts'

/** Why nothing has to be done for a command. */
export interface Harmless {
  readonly why: string
  /** What the command would answer, when it matters to the rest of the script. */
  readonly result: CommandResult
  /**
   * True when it deserves a line in the summary, since the script would have made something that is left out on
   * purpose.
   */
  readonly leftOut?: string
}

/** Commands by name, separated by blanks, and why nothing has to be done for them. */
export interface HarmlessGroup {
  readonly why: string
  readonly result: CommandResult
  readonly names: string
}

/** What a command would make and images must not have. `pattern` is tried on its words, joined. */
export interface LeftOut {
  readonly pattern: RegExp
  readonly what: string
  /** What the command would answer; default: that all went well. */
  readonly result?: CommandResult
}

/** What a distribution knows about its own commands. */
export interface HarmlessCommands {
  readonly groups: readonly HarmlessGroup[]
  readonly leftOut: readonly LeftOut[]
  /** Whether a command that mostly only reads changes something in this form. */
  changes(name: string, words: string): boolean
}

/** The answer of a command whose answer is not known. */
export const unknown: CommandResult = { status: undefined, output: undefined }
export const done: CommandResult = { status: 0, output: '' }
const failed: CommandResult = { status: 1, output: '' }

const common: readonly HarmlessGroup[] = [
  {
    why: 'no init system runs in a container',
    result: done,
    names:
      'systemctl service initctl telinit modprobe sysctl systemd-sysctl runlevel busctl systemd-machine-id-setup journalctl systemd-hwdb udevadm ' +
      'start-stop-daemon systemd-notify loginctl dbus-send gdbus',
  },
  {
    why: 'byte code, caches and indices that programs do without are not made: smaller image, equal digests',
    result: done,
    names:
      'update-mime-database update-desktop-database install-info mandb update-icon-caches gtk-update-icon-cache ' +
      'apparmor_parser appstreamcli fc-cache mkfontscale mkfontdir update-fonts-alias update-fonts-scale update-fonts-dir helpztags gio-querymodules newaliases vgcfgbackup',
  },
  { why: 'security labels are set by the host', result: done, names: 'restorecon setsebool semodule' },
  {
    why: 'only reads',
    result: unknown,
    names:
      'cat head tail sed awk mawk gawk grep egrep fgrep tr cut sort uniq wc nl paste fold bc tac comm join od rev ' +
      'readlink realpath stat ls find df du md5sum sha256sum cmp diff file basename dirname ' +
      'uname arch date who whoami tty ps lsof ss netstat seq expr getent id groups getconf locale ' +
      'nproc free xargs tput print lsb_release lsmod ip route ifconfig netstat tty sleep sync kill stty clear mktemp env keytool flock getcap logger wall',
  },
  { why: 'not in a container while it is made', result: failed, names: 'systemd-detect-virt' },
  {
    why: 'no other machine answers while an image is made',
    result: failed,
    names: 'host nslookup dig ldapsearch ping ping6 fping nc netcat snmpget avahi-browse',
  },
  { why: 'true in a container when it runs', result: done, names: 'mountpoint' },
]

const commonLeftOut: readonly LeftOut[] = [
  { pattern: /^(?:ssh-keygen|dropbearkey)\b/, what: 'SSH host keys: no key belongs in an image' },
  {
    pattern:
      /^(?:openssl (?:gen\w+|req|dhparam|pkcs12|rand|ecparam|ec|rsa|ca|x509)|certtool|rndc-confgen|[\w-]*keygen|mungekey|mk\w*cert|mkdhparams)\b|^(?:\S*\/)?(?:[\w-]+-control-setup|stenokeys|arcctl test-ca|[\w-]*(?:make|gen|generate|create|mk)[-_]?(?:ssl[-_]?|tls[-_]?|host[-_]?|self[-_]?)?(?:certs?|keys?|certificates?))(?:\.sh)?(?:\s|$)/,
    what: 'keys, and certificates made with them: no key belongs in an image',
  },
  {
    pattern:
      /^sqlite3? (?!.*\bselect\b)|^(?:\S*\/)?(?:slapadd|makehistory|makedbz|kdb5_util create|[\w.-]*(?:init|create|make|setup|update|upgrade)[-_]?(?:\w+[-_])?(?:db|database|cluster)(?:\.\w+)?|(?:mariadb|mysql|mysqladmin|psql|createdb|createuser)(?= .*\S))(?:\s|$)/i,
    what: 'a database and what is in it: data, made at the first start in a volume',
  },
  {
    pattern: /^(?:\S*\/)?(?:fetchnews|freshclam|sa-update|geoipupdate|update-geoip\S*)(?:\s|$)/,
    what: 'what other servers have: it is fetched when the service runs',
  },
  {
    pattern: /^(?:curl|wget|aria2c|lynx|ftp|rsync \S*::|git clone)\b/,
    what: 'what other servers have: there is no network while an image is made',
    result: failed,
  },
  {
    pattern: /^(?:dbus-uuidgen|systemd-machine-id-setup|uuidgen)\b/,
    what: 'the id of a machine: each container is its own',
  },
  {
    pattern: /^(?:\S*\/)?gtk-query-immodules-[\d.]+\b/,
    what: 'the list of input methods of GTK: it has one of its own, and nobody types into a container',
  },
  {
    pattern: /^setcap\b/,
    what: 'capabilities of programs: a container is given those that it needs when it starts',
  },
]

/** Says why nothing has to be done for a command; undefined when it may matter. `words` are its words joined. */
export type FindHarmless = (name: string, words: string) => Harmless | undefined

/** Knows the commands that every system has, and those of a distribution. */
export function createHarmless(own: readonly HarmlessCommands[]): FindHarmless {
  const table = new Map<string, Harmless>()
  for (const { names, why, result } of [...common, ...own.flatMap(({ groups }) => groups)])
    for (const name of names.split(' ')) table.set(name, { why, result })
  const leftOut = [...own.flatMap((commands) => commands.leftOut), ...commonLeftOut]
  return (name, words) => {
    // Longer than any real command: the patterns below would take quadratic time.
    if (words.length > 20_000) return undefined
    if (makesByteCode(words)) return { why: 'byte code is not made', result: done }
    if (checksConfiguration(words))
      return { why: 'only looks whether a configuration is right', result: done }
    if (/^\S+ (?:--version|--help|-V|-G)$/.test(words)) return { why: 'only prints', result: unknown }
    if (/^(?:\S*\/)?etc\/(?:init\.d|rc\d\.d)\/\S/.test(words))
      return { why: 'no service is started while an image is made', result: done }
    if (changesSomething(name, words, table) || own.some(({ changes }) => changes(name, words)))
      return undefined
    for (const { pattern, what, result = done } of leftOut)
      if (pattern.test(words)) return { why: what, result, leftOut: what }
    return table.get(name)
  }
}

function makesByteCode(words: string): boolean {
  // Twisted keeps what its plug-ins are, and looks again where that is missing.
  if (/^\S*python[\d.]* -c from twisted\.plugin import /.test(words)) return true
  return /^\S+\.rtupdate\s|(?:^|\s)(?:\S*\/)?(?:py_compile|compileall)\.py(?:\s|$)|\s-m\s+(?:py_compile|compileall)\b/.test(
    words,
  )
}

/** What is shipped is taken to be right: it prints nothing. */
function checksConfiguration(words: string): boolean {
  return /^[\w-]*(?:checkconf|checkconfig|configtest)\b|^\S*exim4? .*-bV\b|^\S+ (?:-k parse|configtest|--configtest|--check-config)(?:\s|$)/.test(
    words,
  )
}

/** Commands that mostly only read, in a form that writes. */
function changesSomething(name: string, words: string, table: ReadonlyMap<string, Harmless>): boolean {
  if (/\b(?:sed|perl|gawk)\b.*\s(?:-[a-zA-Z]*i\S*|--in-place\S*)(?:\s|$)/.test(words)) return true
  if (name === 'find' && /\s-(?:delete|exec\S*|ok\S*|fprint\S*|fls)\b/.test(words)) return true
  if (name === 'xargs' || name === 'env') {
    const inner = /^\S+(?:\s+-\S+|\s+\w+=\S*)*\s+(\S+)/.exec(words)?.[1]
    if (inner !== undefined && !table.has(inner)) return true
  }
  if (name === 'sort' && /\s-o/.test(words)) return true
  return name === 'keytool' && !/\s-list\b/.test(words)
}

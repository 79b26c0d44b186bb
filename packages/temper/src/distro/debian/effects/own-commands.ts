import { readOptions } from '../../shared/effects/command-line.ts'
import type { CommandCall, Effect, EffectContext } from '../../shared/effects/effect.ts'
import { parseMode } from '../../shared/effects/file-mode.ts'
import { copy } from '../../shared/effects/files/copy.ts'
import type { FileCommand } from '../../shared/effects/files/file-command.ts'
import { ownerIds } from '../../shared/effects/files/owner-ids.ts'
import { done, type HarmlessCommands, unknown } from '../../shared/effects/harmless.ts'
import type { CommandResult } from '../../shared/scripts/world.ts'

/** Commands of dpkg, debconf and Debian's helpers that need nothing to be done. */
const harmless: HarmlessCommands = {
  groups: [
    {
      why: 'no init system runs in a container',
      result: done,
      names: 'deb-systemd-helper deb-systemd-invoke invoke-rc.d update-rc.d policy-rc.d runit-helper',
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
        'py3compile py3clean pycompile pyclean pypycompile update-mime update-menus update-info-dir update-xmlcatalog ' +
        'update-catalog aa-enabled install-docs update-binfmts',
    },
    {
      why: 'only reads',
      result: unknown,
      names:
        'dpkg dpkg-query dpkg-architecture dpkg-vendor apt-config setup_colors test-systemd db_exist ' +
        '/usr/share/postgresql-common/pg_checksystem pg_conftool pam_getenv',
    },
    { why: 'not in a container while it is made', result: { status: 1, output: '' }, names: 'ischroot' },
  ],
  leftOut: [
    {
      pattern: /^update-inetd\b/,
      what: 'an entry of inetd: a container runs one service, which the entrypoint names',
    },
    {
      pattern: /^dbc_go\b/,
      what: 'a database, and its password in configuration: data, made at the first start by who runs the server',
    },
    {
      pattern: /^make-ssl-cert\b/,
      what: 'a private key with a self-signed certificate: no key belongs in an image',
    },
    {
      pattern: /^(?:(?:\S*\/)?bash )?(?:\S*\/)?(?:mariadb-install-db|mysql_install_db)\b/,
      what: 'the tables of a MariaDB server: they are data, made at first start in a volume',
    },
    {
      pattern: /^(?:\S*\/)?pg_createcluster\b|^configure_version \d/,
      what: 'a PostgreSQL cluster: it is data, made at first start in a volume',
    },
    { pattern: /^configure_client_version \d/, what: 'links of the manual pages of PostgreSQL' },
    { pattern: /^(?:\S*\/)?pg_updateaptconfig\b/, what: 'configuration of apt for PostgreSQL' },
    { pattern: /^pg_updatedicts\b/, what: 'PostgreSQL text search dictionaries out of spelling packages' },
  ],
  changes: (name, words) =>
    (name === 'pg_conftool' && !/\sshow\b/.test(words)) ||
    (name === 'dpkg' && /\s(?:-i|--install|--unpack|--configure|-r|-P|--remove|--purge)\b/.test(words)),
}

/** Effect: commands of Debian's scripts besides those that every system has. */
export const ownCommands: Effect = {
  id: 'debian-commands',
  title: 'Commands of dpkg, debconf and their helpers',
  why: 'Scripts ask debconf, tell init systems and keep track of versions, which an image has no use for.',
  source: 'Debian Policy 3.9 and 9.3; debconf-devel(7); dpkg-trigger(1); ucf(1)',
  start: () => ({
    owns: ['var/lib/ucf/**', 'var/lib/dpkg/**'],
    // Looked for before they are called; a fresh system has no cluster of PostgreSQL, and dictionaries are found by name.
    commands: {
      pg_lsclusters: () => done,
      'update-dictcommon-hunspell': () => done,
      'update-dictcommon-aspell': () => done,
      'update-default-ispell': () => done,
      'update-default-wordlist': () => done,
    },
    harmless,
    triggers: ['dpkg-trigger'],
    copies: ['ucf'],
  }),
}

/** File commands of Debian's own. */
export const ownFileCommands: Readonly<Record<string, FileCommand>> = {
  ucf: copyConfiguration,
  'dpkg-statoverride': override,
}

/** `ucf FILE TARGET` leaves what somebody has put there (ucf(1)). */
function copyConfiguration(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, { valued: ['--src-dir', '--sum-file'] })
  // Only what ucf itself remembers of a file is forgotten.
  if (flags.has('--purge') || flags.has('-p')) return done
  const target = operands[1]
  if (target !== undefined && context.stage.resolve(target)) return done
  return copy({ ...call, arguments: ['-p', ...operands] }, context)
}

/** `dpkg-statoverride --update --add USER GROUP MODE PATH`; asking for one finds none on a fresh system. */
function override(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { flags, operands } = readOptions(call.arguments, {})
  if (flags.has('--list') || flags.has('--remove')) return { status: 1, output: '' }
  const [user, group, mode, path] = operands
  if (!flags.has('--add') || mode === undefined || path === undefined) return undefined
  const ids = ownerIds(user, group, context)
  const bits = parseMode(mode, 0)
  const at = context.stage.realPath(path)
  if (bits === undefined) return undefined
  if (at === undefined) return done
  if (!call.certain) return undefined
  context.stage.setAttributes(at, { ...ids, mode: bits })
  return done
}

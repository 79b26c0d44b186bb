import type { EffectPackage } from '../../../model/distro.ts'
import type { EffectContext } from '../../shared/effects/effect.ts'
import type { EffectWorld } from '../../shared/effects/script-world.ts'
import { followScript } from '../../shared/scripts/scan.ts'
import { controlData } from '../archive/control.ts'
import { kerberosConfiguration } from './kerberos.ts'

/** Scripts that are no scripts of a shell, and what does the same. */
const knownPerl: Readonly<Record<string, (context: EffectContext) => boolean>> = {
  'krb5-config': kerberosConfiguration,
}

type InstallScript = 'preinst' | 'config' | 'postinst'

/**
 * Follows the scripts that an installation runs (Debian Policy 6.5): `preinst install`, or `upgrade`, of all, then
 * `postinst configure` in order, each after the questions of its package (debconf-devel(7)), then `postinst triggered` of packages whose triggers were pulled.
 */
export function followScripts(context: EffectContext, world: EffectWorld): void {
  /** The version that is replaced; empty on a first installation. */
  const before = ({ package: { name } }: EffectPackage) => context.options.system?.versions.get(name) ?? ''
  for (const installed of context.packages) {
    const from = before(installed)
    const call = from === '' ? ['install'] : ['upgrade', from, installed.package.version]
    follow(installed, { script: 'preinst', arguments: call }, { context, world })
  }
  for (const installed of context.packages) {
    follow(installed, { script: 'config', arguments: ['configure', before(installed)] }, { context, world })
    follow(installed, { script: 'postinst', arguments: ['configure', before(installed)] }, { context, world })
  }
  world.startTriggers()
  const activated = activatedNames(context, world)
  for (const installed of context.packages) {
    const names = interests(installed).filter((name) =>
      name.startsWith('/') ? bringsFiles(name, installed, context) : activated.has(name),
    )
    if (names.length === 0) continue
    follow(installed, { script: 'postinst', arguments: ['triggered', names.join(' ')] }, { context, world })
  }
}

function follow(
  installed: EffectPackage,
  run: { readonly script: InstallScript; readonly arguments: readonly string[] },
  { context, world }: { readonly context: EffectContext; readonly world: EffectWorld },
): void {
  const text = controlData(installed.content).scripts[run.script]
  if (text === undefined) return
  const { name, architecture } = installed.package
  const inPerl = run.script === 'postinst' && Object.hasOwn(knownPerl, name) ? knownPerl[name] : undefined
  if (inPerl?.(context)) return
  // What asks questions changes nothing but the answers (debconf-devel(7)): of what it does besides nothing is told.
  const silent = run.script === 'config'
  const trouble = followScript(text, world.forScript({ package: name, script: run.script, silent }), {
    arguments: run.arguments,
    variables: {
      '0': `/var/lib/dpkg/info/${name}.${run.script}`,
      DEBIAN_FRONTEND: 'noninteractive',
      DPKG_ADMINDIR: '/var/lib/dpkg',
      DPKG_MAINTSCRIPT_ARCH: architecture === 'all' ? context.options.architecture : architecture,
      DPKG_MAINTSCRIPT_NAME: run.script,
      DPKG_MAINTSCRIPT_PACKAGE: name,
      DPKG_MAINTSCRIPT_PACKAGE_REFCOUNT: '1',
      DPKG_ROOT: '',
      HOME: '/root',
      PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    },
  })
  if (trouble && !silent)
    world.report({ package: name, script: run.script, line: trouble.line, command: trouble.reason })
}

/** Names of the triggers file (deb-triggers(5)) with one of the given directives. */
function directives(installed: EffectPackage, verb: 'interest' | 'activate'): readonly string[] {
  return controlData(installed.content)
    .triggers.split('\n')
    .flatMap((line) => {
      const [directive = '', name] = line.trim().split(/\s+/)
      return name !== undefined && directive.replace(/-(?:no)?await$/, '') === verb ? [name] : []
    })
}

function interests(installed: EffectPackage): readonly string[] {
  return directives(installed, 'interest')
}

function activatedNames(context: EffectContext, world: EffectWorld): ReadonlySet<string> {
  return new Set([
    ...world.triggers,
    ...context.packages.flatMap((installed) => directives(installed, 'activate')),
  ])
}

/** Whether another kept package has a file at or below a path. */
function bringsFiles(path: string, asking: EffectPackage, { stage }: EffectContext): boolean {
  const start = stage.realPath(path)
  if (start === undefined) return false
  const queue = [start]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    const node = stage.get(at)
    if (node?.type === 'directory') for (const name of stage.list(at)) queue.push(`${at}/${name}`)
    else if (node?.origin.kind === 'package' && node.origin.package !== asking.package.name) return true
  }
  return false
}

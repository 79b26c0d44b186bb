import { glob } from '../../../base/glob.ts'
import type { EffectPackage } from '../../../model/distro.ts'
import type { EffectContext } from '../../shared/effects/effect.ts'
import type { EffectWorld } from '../../shared/effects/script-world.ts'
import { followScript } from '../../shared/scripts/scan.ts'
import { apkData } from '../archive/data.ts'

const mostFolders = 500

/**
 * Follows the scripts that an installation runs (apk-package(5)): pre-install of all, then post-install, each with the new
 * version, or pre-upgrade and post-upgrade with the old one too, then triggers with the folders that they watch.
 */
export function followScripts(context: EffectContext, world: EffectWorld): void {
  for (const when of ['pre', 'post'])
    for (const installed of context.packages) {
      const { name, version } = installed.package
      const before = context.options.system?.versions.get(name)
      const script = before === undefined ? `${when}-install` : `${when}-upgrade`
      follow(
        installed,
        { script, arguments: before === undefined ? [version] : [version, before] },
        { context, world },
      )
    }
  world.startTriggers()
  for (const installed of context.packages) {
    const { triggers } = apkData(installed.content)
    const folders = triggers.length === 0 ? [] : watched(triggers, context)
    if (folders.length > 0) follow(installed, { script: 'trigger', arguments: folders }, { context, world })
  }
}

function follow(
  installed: EffectPackage,
  run: { readonly script: string; readonly arguments: readonly string[] },
  { world }: { readonly context: EffectContext; readonly world: EffectWorld },
): void {
  const text = apkData(installed.content).scripts[run.script]
  if (text === undefined) return
  const { name, version } = installed.package
  const trouble = followScript(text, world.forScript({ package: name, script: run.script }), {
    arguments: run.arguments,
    // busybox.
    sh: 'bash',
    variables: {
      '0': `/lib/apk/exec/${name}-${version}.${run.script}`,
      APK_PACKAGE: name,
      APK_SCRIPT: run.script,
      HOME: '/root',
      PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
    },
  })
  if (trouble)
    world.report({ package: name, script: run.script, line: trouble.line, command: trouble.reason })
}

/** Folders of the tree that a trigger watches; all of them are new. */
function watched(triggers: readonly string[], { stage }: EffectContext): readonly string[] {
  const patterns = triggers.map((pattern) => pattern.replace(/^\+/, ''))
  const folders = new Set<string>()
  for (const pattern of patterns)
    if (!/[*?[]/.test(pattern) && stage.resolve(pattern)?.type === 'directory') folders.add(pattern)
  const globs = patterns
    .filter((pattern) => /[*?[]/.test(pattern))
    .map((pattern) => glob(pattern.replace(/^\//, '')))
  if (globs.length > 0)
    for (const node of stage.nodes())
      if (node.type === 'directory' && globs.some((fits) => fits(node.path))) folders.add(`/${node.path}`)
  return [...folders].sort().slice(0, mostFolders)
}

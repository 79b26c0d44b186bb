import type { Diversion } from '../../../model/package/diversion.ts'
import type { ArchiveMetadata } from '../../../model/package/package-content.ts'
import { readOptions } from '../../shared/effects/command-line.ts'
import { scanScript } from '../../shared/scripts/scan.ts'
import { controlData } from '../archive/control.ts'
import { mergedPath } from '../archive/merged-path.ts'

/**
 * What `preinst install` has diverted (dpkg-divert(1)): before a file of the package is unpacked, so that two
 * packages may have the same path. The effect handles later diversions.
 */
export function declaredDiversions(
  name: string,
  archive: Pick<ArchiveMetadata, 'own'>,
): readonly Diversion[] {
  const script = controlData(archive).scripts.preinst
  if (!script?.includes('dpkg-divert')) return []
  const run = { arguments: ['install'], variables: { DPKG_MAINTSCRIPT_PACKAGE: name, DPKG_ROOT: '' } }
  return scanScript(script, run).flatMap((action) => {
    if (action.kind !== 'command' || action.words[0]?.replace(/^.*\//, '') !== 'dpkg-divert') return []
    const { flags, values, operands } = readOptions(action.words.slice(1), {
      valued: ['--divert', '--package', '--admindir', '--instdir', '--root'],
    })
    const [path] = operands
    if (path === undefined || operands.length !== 1 || !path.startsWith('/')) return []
    if (['--remove', '--list', '--listpackage', '--truename', '--local'].some((flag) => flags.has(flag)))
      return []
    const to = values.has('--divert') ? values.get('--divert') : `${path}.distrib`
    const by = values.has('--package') ? values.get('--package') : name
    if (!to?.startsWith('/') || by !== name) return []
    return [{ by: name, from: mergedPath(path.slice(1)), to: mergedPath(to.slice(1)) }]
  })
}

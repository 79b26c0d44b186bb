import type { NeedFault } from '../need.ts'
import {
  configurationLines,
  type PluginCheck,
  type PluginConfiguration,
  readConfigurations,
  requirePlugin,
} from '../plugin.ts'
import { type ProofSubject, resolveFile } from '../subject.ts'

/**
 * Modules that the services of /etc/pam.d name (pam.d(5)). A service that includes a missing file denies
 * everything, which is safe, so included files are not asked for.
 */
export const pam: PluginCheck = {
  id: 'pam',
  reads: (path) => /^etc\/pam\.d\/[^/]+$/.test(path),
  *check(subject) {
    if (!resolveFile(subject.root, `${subject.loader.libraries}/libpam.so.0`)) return
    for (const service of yield* readConfigurations(subject, 'etc/pam.d', ''))
      yield* checkService(service, subject)
  },
}

function* checkService({ node, text }: PluginConfiguration, subject: ProofSubject): Generator<NeedFault> {
  const seen = new Set<string>()
  for (const line of configurationLines(text.replace(/\\\n/g, ' '))) {
    const [, type = '', control = '', module = ''] = /^(\S+)\s+(\[[^\]]*\]|\S+)\s+(\S+)/.exec(line) ?? []
    // "-type": the service wants the module only when it is there.
    if (module === '' || type.startsWith('-') || type.startsWith('@')) continue
    if (control === 'include' || control === 'substack' || seen.has(module)) continue
    seen.add(module)
    const folder = `${subject.loader.libraries}/security`
    const candidates = [module.startsWith('/') ? module : `${folder}/${module}`]
    yield* requirePlugin(subject, { node, name: module, candidates })
  }
}

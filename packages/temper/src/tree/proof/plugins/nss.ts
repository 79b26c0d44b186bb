import { configurationLines, type PluginCheck, readConfiguration, requirePlugin } from '../plugin.ts'
import { resolveFile } from '../subject.ts'

/** Part of libc.so.6 since glibc 2.34; before, libc6 itself brings their modules. */
const builtIn = new Set(['files', 'dns'])

/**
 * Debian's own configuration names these without having them, and the C library passes over a service
 * whose module is not there.
 */
const optional = new Set(['db', 'nis', 'nisplus'])

/** Name services (nsswitch.conf(5)): `passwd: files systemd` needs libnss_systemd.so.2. */
export const nss: PluginCheck = {
  id: 'nss',
  reads: (path) => path === 'etc/nsswitch.conf',
  *check(subject) {
    const folders = subject.loader.defaultFolders
    const hasLibc = folders.some((folder) => resolveFile(subject.root, `${folder}/libc.so.6`) !== undefined)
    const configuration = hasLibc ? yield* readConfiguration(subject, 'etc/nsswitch.conf') : undefined
    if (!configuration) return
    const services = new Set<string>()
    for (const line of configurationLines(configuration.text)) {
      const [, list = ''] = line.split(':')
      for (const service of list.replace(/\[[^\]]*\]/g, ' ').split(/\s+/)) services.add(service)
    }
    for (const service of services) {
      if (service === '' || builtIn.has(service) || optional.has(service)) continue
      const file = `libnss_${service}.so.2`
      yield* requirePlugin(subject, {
        node: configuration.node,
        name: service,
        candidates: folders.map((folder) => `${folder}/${file}`),
      })
    }
  },
}

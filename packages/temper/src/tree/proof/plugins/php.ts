import { configurationLines, type PluginCheck, readConfigurations, requirePlugin } from '../plugin.ts'

/** Extensions that conf.d of a PHP version and server interface loads, from the folder of the API version. */
export const php: PluginCheck = {
  id: 'php',
  reads: (path) => /^etc\/php\/[^/]+\/([^/]+\/conf\.d|mods-available)\/[^/]+\.ini$/.test(path),
  *check(subject) {
    const { root } = subject
    for (const version of root.list('etc/php')) {
      for (const interfaceName of root.list(`etc/php/${version}`)) {
        const folder = `etc/php/${version}/${interfaceName}/conf.d`
        for (const { node, text } of yield* readConfigurations(subject, folder, '.ini')) {
          for (const line of configurationLines(text, /;.*/s)) {
            const name = /^(?:zend_)?extension\s*=\s*"?([^"\s]+)"?/.exec(line)?.[1]
            if (name === undefined) continue
            const file = name.endsWith('.so') ? name : `${name}.so`
            const folders = root.list('usr/lib/php').map((api) => `usr/lib/php/${api}`)
            const candidates = file.startsWith('/') ? [file] : folders.map((api) => `${api}/${file}`)
            yield* requirePlugin(subject, { node, name, candidates })
          }
        }
      }
    }
  },
}

import { type PluginCheck, readConfigurations, requirePlugin } from '../plugin.ts'

/** Modules of Apache httpd: `LoadModule NAME FILE`, relative to /etc/apache2. */
export const apache: PluginCheck = {
  id: 'apache',
  reads: (path) => /^etc\/apache2\/mods-(enabled|available)\/[^/]+\.load$/.test(path),
  *check(subject) {
    for (const { node, text } of yield* readConfigurations(subject, 'etc/apache2/mods-enabled', '.load')) {
      for (const [, name = ''] of text.matchAll(/^[ \t]*LoadModule\s+\S+\s+"?([^"\s]+)"?/gim)) {
        yield* requirePlugin(subject, {
          node,
          name,
          candidates: [name.startsWith('/') ? name : `etc/apache2/${name}`],
        })
      }
    }
  },
}

import { type PluginCheck, readConfiguration, readConfigurations, requirePlugin } from '../plugin.ts'

/** Dynamic modules: `load_module modules/x.so;` is relative to the prefix of the build. */
export const nginx: PluginCheck = {
  id: 'nginx',
  reads: (path) =>
    /^etc\/nginx\/(nginx\.conf|modules-enabled\/[^/]+)$|^usr\/share\/nginx\/modules-available\//.test(path),
  *check(subject) {
    const main = yield* readConfiguration(subject, 'etc/nginx/nginx.conf')
    const more = yield* readConfigurations(subject, 'etc/nginx/modules-enabled', '.conf')
    for (const { node, text } of [...(main ? [main] : []), ...more]) {
      for (const [, words = ''] of text.matchAll(/^[ \t]*load_module[ \t]([^;\n]*);/gm)) {
        const name = words.trim().replace(/^(["'])(.*)\1$/, '$2')
        const candidates = name.startsWith('/')
          ? [name]
          : ['usr/share/nginx', 'etc/nginx', 'usr/lib/nginx'].map((prefix) => `${prefix}/${name}`)
        yield* requirePlugin(subject, { node, name, candidates })
      }
    }
  },
}

import { type PluginCheck, readConfigurations, requirePlugin } from '../plugin.ts'

/** Extensions: `module_pathname = '$libdir/NAME'` in their control files. */
export const postgresql: PluginCheck = {
  id: 'postgresql',
  reads: (path) => /^usr\/share\/postgresql\/[^/]+\/extension\/[^/]+\.control$/.test(path),
  *check(subject) {
    for (const version of subject.root.list('usr/share/postgresql')) {
      const folder = `usr/share/postgresql/${version}/extension`
      for (const { node, text } of yield* readConfigurations(subject, folder, '.control')) {
        const name = /^\s*module_pathname\s*=\s*'([^']+)'/m.exec(text)?.[1]
        if (name === undefined) continue
        const path = name.replace('$libdir', `usr/lib/postgresql/${version}/lib`)
        yield* requirePlugin(subject, { node, name, candidates: [path, `${path}.so`] })
      }
    }
  },
}

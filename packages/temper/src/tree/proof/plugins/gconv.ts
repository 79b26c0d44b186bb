import { parentOf } from '../../../model/tree/path.ts'
import {
  configurationLines,
  type PluginCheck,
  type PluginConfiguration,
  readConfiguration,
  readConfigurations,
  requirePlugin,
} from '../plugin.ts'

/** Character set conversions of iconv(3): `module FROM// TO// FILE COST` names FILE.so beside the list. */
export const gconv: PluginCheck = {
  id: 'gconv',
  reads: (path) => /^usr\/lib\/[^/]+\/gconv\/gconv-modules(\.d\/[^/]+\.conf)?$/.test(path),
  *check(subject) {
    const folder = `${subject.loader.libraries}/gconv`
    const main = yield* readConfiguration(subject, `${folder}/gconv-modules`)
    const more = yield* readConfigurations(subject, `${folder}/gconv-modules.d`, '.conf')
    const seen = new Set<string>()
    for (const { node, text } of [...(main ? [main] : []), ...more]) {
      for (const line of configurationLines(text)) {
        const [keyword, , , file] = line.split(/\s+/)
        if (keyword !== 'module' || !file || seen.has(file)) continue
        seen.add(file)
        const name = file.endsWith('.so') ? file : `${file}.so`
        const candidates = [name.startsWith('/') ? name : `${moduleFolder(node, folder)}/${name}`]
        yield* requirePlugin(subject, { node, name: file, candidates })
      }
    }
  },
}

/** Names are relative to the gconv folder, also in the lists of gconv-modules.d. */
function moduleFolder(node: PluginConfiguration['node'], folder: string): string {
  return node.path.startsWith(`${folder}/`) ? folder : parentOf(node.path)
}

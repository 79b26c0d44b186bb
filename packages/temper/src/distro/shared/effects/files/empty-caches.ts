import type { CommandResult } from '../../scripts/world.ts'
import type { CommandModel, Effect, EffectContext } from '../effect.ts'

const done: CommandResult = { status: 0, output: '' }

/** Programs that make a cache, and the folders and names of what they would look for. */
const caches: Readonly<Record<string, { readonly folder: string; readonly file: RegExp }>> = {
  'glib-compile-schemas': { folder: 'usr/share/glib-2.0/schemas', file: /\.(?:xml|override)$/ },
  'gdk-pixbuf-query-loaders': { folder: 'usr/lib', file: /\/gdk-pixbuf-2\.0\/.+\.so$/ },
}

/** Caches of things that the image has none of. With something to cache, the command is reported. */
export const emptyCaches: Effect = {
  id: 'empty-caches',
  title: 'Caches that would be empty',
  why: 'Libraries have caches made for schemas and modules that a small image does not hold.',
  source: 'glib-compile-schemas(1), gdk-pixbuf-query-loaders(1)',
  start(context) {
    const commands: Record<string, CommandModel> = {}
    for (const [name, { folder, file }] of Object.entries(caches))
      commands[name] = () => (hasFile(folder, file, context) ? undefined : done)
    return { owns: ['var/cache/fontconfig', 'var/log/fontconfig.log'], commands }
  },
}

function hasFile(folder: string, file: RegExp, { stage }: EffectContext): boolean {
  const queue = [folder]
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (stage.get(at)?.type === 'directory') for (const name of stage.list(at)) queue.push(`${at}/${name}`)
    else if (file.test(at) && stage.get(at)) return true
  }
  return false
}

import type { CommandResult } from '../../scripts/world.ts'
import type { CommandCall, Effect, EffectContext } from '../effect.ts'
import { loaderFacts } from './pixbuf-loader-facts.ts'

/** Modules of gdk-pixbuf and the formats that they read, as a file that it looks them up in. */
export const pixbufLoaders: Effect = {
  id: 'pixbuf-loaders',
  title: 'Modules that read images',
  why: 'gdk-pixbuf loads no module that this file does not list: programs would show no SVG, GIF or WebP.',
  source: 'gdk-pixbuf-query-loaders(1)',
  start: (context) => ({
    owns: ['var/cache/fontconfig', 'var/log/fontconfig.log'],
    commands: { 'gdk-pixbuf-query-loaders': (call) => queryLoaders(call, context) },
  }),
}

/** What the program prints of the modules that are named; undefined when one of them is not known. */
function queryLoaders(call: CommandCall, context: EffectContext): CommandResult | undefined {
  const { arguments: words } = call
  const named = words.length > 0 && words.every((word) => word?.startsWith('/'))
  // Without names it looks for modules itself: that is done when there are none.
  if (!named) return hasLoader(context) ? undefined : { status: 0, output: '' }
  const blocks: string[] = []
  for (const path of words) {
    if (path === undefined || context.stage.resolve(path) === undefined) continue
    const name = path.replace(/^.*\//s, '').replace(/^libpixbufloader-svg\./, 'libpixbufloader_svg.')
    const facts = Object.hasOwn(loaderFacts, name) ? loaderFacts[name] : undefined
    if (facts === undefined) return undefined
    blocks.push(`${[`"${path}"`, ...facts].join('\n')}\n\n`)
  }
  context.note('pixbuf-loaders', `${blocks.length} modules`)
  return { status: 0, output: `${head(context)}${blocks.join('')}\n` }
}

function head({ packages }: EffectContext): string {
  const library = packages.find(({ package: { name } }) => /^(?:lib)?gdk-pixbuf(?:-2\.0-0)?$/.test(name))
  const version = /^\d+(?:\.\d+)*/.exec(library?.package.version ?? '')?.[0] ?? ''
  const lines = [
    'GdkPixbuf Image Loader Modules file',
    'Automatically generated file, do not edit',
    `Created by gdk-pixbuf-query-loaders from gdk-pixbuf-${version}`,
    '',
  ]
  return lines.map((line) => `${`# ${line}`.trimEnd()}\n`).join('')
}

function hasLoader({ stage }: EffectContext): boolean {
  const queue = ['usr/lib']
  for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
    if (stage.get(at)?.type === 'directory') for (const name of stage.list(at)) queue.push(`${at}/${name}`)
    else if (/\/gdk-pixbuf-2\.0\/.+\.so$/.test(at) && stage.get(at)) return true
  }
  return false
}

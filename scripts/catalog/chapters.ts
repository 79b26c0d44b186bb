import type { Recipe } from '../../packages/temper/src/model/recipe.ts'
import { type Measure, megabytes } from './measured.ts'

/** Packages and sizes, beside those of Debian. */
export function inside(recipe: Recipe, { packages, size, unpacked, inside, debian }: Measure): string {
  const own = `${packages} packages, ${megabytes(size)} compressed${unpacked === undefined ? '' : `, ${megabytes(unpacked)} unpacked`}`
  const theirs =
    debian === undefined
      ? ''
      : `; apt would install ${debian.packages} packages of ${megabytes(debian.unpacked)} for the same (with the essential ones, without recommended ones)`
  const names = (inside ?? '').split(' ').filter((name) => name !== '')
  const asked = new Set(recipe.contents.packages.map(({ name }) => name))
  const list = names.map((name) => (asked.has(name) ? `**${name}**` : name)).join(', ')
  const locks = (recipe.dependencies ?? []).map(({ lockFile }) => `\`${lockFile.source}\``)
  const more = locks.length === 0 ? '' : ` Besides them it has what ${locks.join(' and ')} locks.`
  return `${own}${theirs}.${list === '' ? '' : `\n\n${list}. Those in bold were asked for, others are needed by them.${more}`}`
}

const absent: readonly (readonly [rule: string, words: string])[] = [
  ['shell', 'shell'],
  ['package-manager', 'package manager'],
  ['compiler', 'compiler, headers or debugger'],
  ['setuid', 'file that changes to another user when it is run'],
  ['documentation', 'manual (copyright files stay)'],
  ['locales', 'translations'],
]

/** What the hardening rules keep out, save for what the recipe relaxes everywhere. */
export function notInside({ hardening, contents }: Recipe, variants: readonly string[]): string {
  const relaxed = new Set(hardening.allow.filter((each) => each.path === undefined).map(({ rule }) => rule))
  const words = absent.filter(([rule]) => !relaxed.has(rule as never)).map(([, each]) => each)
  const without = (contents.without ?? []).map((name) => `\`${name}\``).join(', ')
  const sentences = [
    `No ${words.join(', no ')}.`,
    without === '' ? '' : `Left out although Debian depends on it: ${without}.`,
    variants.includes('dev') && !relaxed.has('shell')
      ? 'The variant `dev` has a shell and what goes with it.'
      : '',
  ]
  return sentences.filter((each) => each !== '').join(' ')
}

/** Folders that are written to, and how a container is started that may write to nothing else. */
export function writes({ volumes }: Recipe, name: string): string {
  const mounts = volumes.map((path, at) => ` -v ${at === 0 ? 'data' : `data${at + 1}`}:${path}`).join('')
  const kept = volumes.map((path) => `\`${path}\``).join(', ')
  const words =
    volumes.length === 0
      ? 'Temporary files in `/tmp`, and nothing else: the root file system can be read-only.'
      : `Data in ${volumes.length === 1 ? 'the volume' : 'the volumes'} ${kept}, temporary files in \`/tmp\`, and nothing else: the root file system can be read-only.`
  return `${words}

<!-- not run: needs a container runtime and the image -->
\`\`\`sh
docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges${mounts} registry.example/team/${name}:1
\`\`\``
}

/** How to build on it, where the recipe does not say it better. */
export function inDockerfile(name: string, { entrypoint }: Recipe, variants: readonly string[]): string {
  const image = `registry.example/team/${name}:1`
  const build = variants.includes('dev')
    ? `FROM ${image}-dev AS build\nCOPY . /tmp/files\n# RUN works in this stage.\nRUN ls /tmp/files\n\n`
    : ''
  const copy = variants.includes('dev') ? 'COPY --from=build /tmp/files /srv' : 'COPY files /srv'
  const note =
    entrypoint.length > 0
      ? 'Entry point and user stay those of the image. `RUN` needs a shell: prepare files in an earlier stage.'
      : 'Set an `ENTRYPOINT`: the image has none. `RUN` needs a shell: prepare files in an earlier stage.'
  return `\`\`\`dockerfile\n${build}FROM ${image}\n${copy}\n\`\`\`\n\n${note}`
}

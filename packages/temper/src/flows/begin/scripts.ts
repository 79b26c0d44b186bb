import { isObject, memberOf, membersOf, textOf } from '../../base/json/value.ts'
import type { BuildStart } from './compiled.ts'

/** What package.json says is made before an application starts. */
export interface ScriptBuild extends BuildStart {
  /** Whether pages for a web server are made, which need nothing of npm to be served. */
  readonly isPages: boolean
}

/** Programs that make pages, and the folder that each makes unless it is told another. */
const pageMakers: ReadonlyMap<string, string> = new Map([
  ['react-scripts', 'build'],
  ['vite', 'dist'],
  ['@vue/cli-service', 'dist'],
  ['parcel', 'dist'],
  ['@11ty/eleventy', '_site'],
  ['astro', 'dist'],
  ['gatsby', 'public'],
  ['@docusaurus/core', 'build'],
])

/** Scripts that call scripts that call scripts. */
const deepest = 5

/**
 * The script "build" of a package.json as lines of a shell in which the programs of its packages are found. Undefined when it has none,
 * or when it calls what only a package manager does. `main` is what "start" gives to node, if it does.
 */
export function buildOfScripts(manifest: unknown, main: string | undefined): ScriptBuild | undefined {
  const scripts = memberOf(manifest, 'scripts')
  const packages = packagesOf(manifest)
  const run = expanded(textOf(memberOf(scripts, 'build')) ?? '', { scripts, packages }, 0)
  if (run === undefined || run === '') return undefined
  const folder = main?.includes('/') === true ? main.split('/')[0] : undefined
  const maker = [...pageMakers].find(([name]) => packages.has(name))
  const isPages = main === undefined && maker !== undefined
  const output = isPages ? maker[1] : folder
  if (output === undefined || output === 'src') return undefined
  return { run, output, isPages }
}

function packagesOf(manifest: unknown): ReadonlySet<string> {
  const groups = ['dependencies', 'devDependencies'].map((group) => memberOf(manifest, group))
  return new Set(groups.flatMap((group) => membersOf(isObject(group) ? group : {}).map(([name]) => name)))
}

/** With what it calls by "npm run NAME" in its place; undefined for other calls of package managers. */
function expanded(
  script: string,
  about: { readonly scripts: unknown; readonly packages: ReadonlySet<string> },
  depth: number,
): string | undefined {
  if (depth > deepest || script.length > 4000) return undefined
  let isWhole = true
  const text = script.replace(/\b(?:npm|pnpm|yarn) run ([\w:-]+)(?=\s*(?:$|&&|;))/g, (_, name: string) => {
    const called = expanded(textOf(memberOf(about.scripts, name)) ?? '', about, depth + 1)
    if (called === undefined || called === '') isWhole = false
    return called ?? ''
  })
  const plain = text.replace(/\bnpx (@?[\w.-]+(?:\/[\w.-]+)?)(?=\s|$)/g, (call, name: string) => {
    // A program of a package that is locked is called as the package is.
    return about.packages.has(name) ? (name.split('/').at(-1) ?? '') : call
  })
  return isWhole && !/\b(?:npm|pnpm|yarn|npx|bun)\b/.test(plain) ? plain.trim() : undefined
}

import { isObject, itemsOf, memberOf, membersOf, textOf } from '../../../base/json/value.ts'
import { parseJson } from '../document.ts'
import { readIndented } from '../indented.ts'
import { parseTomlFile } from '../toml.ts'
import { type AskingFile, all, some, whereItSays } from './asking-file.ts'

/** Those of languages whose packages feeds cover. */
export const applicationManifests: readonly AskingFile[] = [
  {
    tool: 'npm',
    names: /^package\.json$/,
    type: 'npm',
    locks: [
      ...['package-lock.json', 'npm-shrinkwrap.json', 'yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'deno.lock'],
      'common/config/rush/pnpm-lock.yaml',
    ],
    installed: (name) => `node_modules/${name}/package.json`,
    asks: (text) => fromJson(text, ['dependencies', 'optionalDependencies']),
  },
  {
    tool: 'Bun (its binary lock is not read)',
    names: /^bun\.lockb$/,
    type: 'npm',
    locks: ['bun.lock', 'package-lock.json', 'yarn.lock', 'pnpm-lock.yaml'],
    asks: () => [],
  },
  {
    tool: 'Deno',
    names: /^deno\.jsonc?$/,
    type: 'npm',
    locks: ['deno.lock'],
    asks: all(/"(?:npm|jsr):\/?((?:@[\w.-]{1,100}\/)?[\w.-]{1,100})/g),
  },
  {
    tool: 'Bower',
    names: /^bower\.json$/,
    type: 'npm',
    asks: (text) => fromJson(text, ['dependencies']),
  },
  {
    tool: 'LibMan',
    names: /^libman\.json$/,
    type: 'npm',
    asks: all(/"library"\s*:\s*"(@?[^"@]{1,200})@/g),
  },
  {
    tool: 'Cargo',
    names: /^Cargo\.toml$/,
    type: 'cargo',
    locks: ['Cargo.lock'],
    asks: async (text) => cargoNames(await toml(text, 'Cargo.toml')),
  },
  {
    tool: 'Bundler',
    names: /^(?:Gemfile|gems\.rb)$/,
    type: 'gem',
    locks: ['Gemfile.lock', 'gems.locked'],
    asks: all(/^[ \t]{0,40}gem[ \t(]{1,10}["']([\w.-]{1,200})["']/gm),
  },
  {
    tool: 'RubyGems',
    files: /^(?!(?:.*\/)?specifications\/).*\.gemspec$/,
    type: 'gem',
    locks: ['Gemfile.lock', 'gems.locked'],
    asks: all(/\.add_(?:runtime_)?dependency[ \t(]{1,10}["']([\w.-]{1,200})["']/g),
  },
  {
    tool: 'Composer',
    names: /^composer\.json$/,
    type: 'composer',
    locks: ['composer.lock', 'vendor/composer/installed.json'],
    asks: (text) => some((fromJson(text, ['require']) ?? []).filter((name) => /^[^/]+\/[^/]+$/.test(name))),
  },
  ...pythonManifests(),
  {
    tool: 'Mix',
    names: /^mix\.exs$/,
    type: 'hex',
    locks: ['mix.lock'],
    asks: all(/\{[ \t]{0,10}:(\w{1,100})[ \t]{0,10},[ \t]{0,10}(?:"|git|hex)/g),
  },
  {
    tool: 'Rebar',
    names: /^rebar\.config$/,
    type: 'hex',
    locks: ['rebar.lock', 'mix.lock'],
    asks: whereItSays(/^\{deps,\s{0,100}\[\s{0,100}[\w{']/m),
  },
  {
    tool: 'Gleam',
    names: /^gleam\.toml$/,
    type: 'hex',
    locks: ['manifest.toml'],
    asks: async (text) =>
      some(membersOf(memberOf(await toml(text, 'gleam.toml'), 'dependencies')).map(([name]) => name)),
  },
  {
    tool: 'Pub',
    names: /^pubspec\.yaml$/,
    type: 'pub',
    locks: ['pubspec.lock'],
    asks: pubNames,
  },
  {
    tool: 'Swift',
    names: /^Package\.swift$/,
    type: 'swift',
    locks: ['Package.resolved'],
    asks: all(/\.package\((?:\s{0,20}name:\s{0,20}"[^"]{1,200}",)?\s{0,20}url:\s{0,20}"([^"]{1,500})"/g),
  },
  {
    tool: 'Carthage',
    names: /^Cartfile$/,
    type: 'swift',
    locks: ['Cartfile.resolved'],
    asks: all(/^(?:github|git|binary)[ \t]{1,10}"([^"]{1,500})"/gm),
  },
  {
    tool: 'CocoaPods',
    names: /^Podfile$/,
    type: 'generic',
    locks: ['Podfile.lock'],
    asks: all(/^[ \t]{0,40}pod[ \t(]{1,10}["']([^"'/]{1,200})/gm),
  },
  {
    tool: 'dep, Glide or godep',
    files: /(?:^|\/)(?:Gopkg\.lock|glide\.lock|Godeps\/Godeps\.json)$/,
    type: 'golang',
    locks: ['go.mod'],
    asks: whereItSays(/^(?:\[\[projects\]\]|imports:|\s*"ImportPath")/m),
  },
]

function pythonManifests(): readonly AskingFile[] {
  const locks = [
    ...['poetry.lock', 'uv.lock', 'pdm.lock', 'Pipfile.lock', 'pylock.toml', 'pixi.lock', 'conda-lock.yml'],
    ...['requirements.txt', 'requirements.lock'],
  ]
  const python = { type: 'pypi', locks } as const
  return [
    {
      ...python,
      tool: 'pyproject.toml',
      names: /^pyproject\.toml$/,
      asks: async (text) => {
        const project = await toml(text, 'pyproject.toml')
        const stated = itemsOf(memberOf(memberOf(project, 'project'), 'dependencies')).map(
          (each) => /^[A-Za-z0-9][\w.-]*/.exec(textOf(each)?.trim() ?? '')?.[0] ?? '',
        )
        const poetry = membersOf(memberOf(memberOf(memberOf(project, 'tool'), 'poetry'), 'dependencies')).map(
          ([name]) => name,
        )
        return some([...stated, ...poetry].filter((name) => name !== '' && name !== 'python'))
      },
    },
    {
      ...python,
      tool: 'setuptools',
      names: /^setup\.(?:py|cfg)$/,
      asks: (text) => {
        const at = /\binstall_requires\s{0,20}=/.exec(text)
        if (at === null) return undefined
        const rest = text.slice(at.index + at[0].length, at.index + 20_000)
        const list = /^\s*\[([^\]]*)\]/.exec(rest)?.[1] ?? /^(?:[^\n]*\n)(?:[ \t][^\n]*\n)*/.exec(rest)?.[0]
        const names = Array.from(
          (list ?? '').matchAll(/(?:^|["'\n])[ \t]{0,40}([A-Za-z][\w.-]{0,100})/g),
          ([, name = '']) => name,
        )
        return list?.trim() === '' ? undefined : [...new Set(names)]
      },
    },
    {
      ...python,
      tool: 'Pipenv',
      names: /^Pipfile$/,
      asks: async (text) =>
        some(membersOf(memberOf(await toml(text, 'Pipfile'), 'packages')).map(([name]) => name)),
    },
    {
      tool: 'Conda',
      names: /^environment\.ya?ml$/,
      type: 'generic',
      locks: ['conda-lock.yml', 'pixi.lock'],
      asks: (text) =>
        /^(?:name|channels):/m.test(text) && /^dependencies:\s*$/m.test(text) ? [] : undefined,
    },
  ]
}

/** Keys of the named members; what lies in the project itself is none. */
export function fromJson(text: string, names: readonly string[]): readonly string[] | undefined {
  const manifest = parseJson(text.replace(/^\ufeff/, ''), 'a manifest')
  const asked = names.flatMap((name) => membersOf(memberOf(manifest, name)))
  return some(asked.flatMap(([name, version]) => (isLocal(textOf(version)) ? [] : [name])))
}

function isLocal(version: string | undefined): boolean {
  return /^(?:file|link|portal|workspace):/.test(version ?? '')
}

export async function toml(text: string, what: string): Promise<unknown> {
  return await parseTomlFile(Buffer.from(text), what)
}

function cargoNames(manifest: unknown): readonly string[] | undefined {
  const targets = membersOf(memberOf(manifest, 'target')).map(([, target]) => target)
  const tables = [manifest, ...targets].map((each) => memberOf(each, 'dependencies'))
  const asked = tables
    .flatMap(membersOf)
    .filter(([, entry]) => memberOf(entry, 'path') === undefined || memberOf(entry, 'version') !== undefined)
  return some(asked.map(([name, entry]) => textOf(memberOf(entry, 'package')) ?? name))
}

function pubNames(text: string): readonly string[] | undefined {
  const nodes = readIndented(text, { what: 'pubspec.yaml' })
  const asked = nodes.find(({ key }) => key === 'dependencies')?.children ?? []
  const foreign = asked.filter(({ children }) => !children.some(({ key }) => key === 'sdk' || key === 'path'))
  return some(foreign.map(({ key }) => key))
}

/** Names of the items of a list, whatever they are. */
export function listed(value: unknown): readonly string[] | undefined {
  return some(
    itemsOf(value).flatMap((item) => textOf(item) ?? (isObject(item) ? (textOf(item['name']) ?? []) : [])),
  )
}

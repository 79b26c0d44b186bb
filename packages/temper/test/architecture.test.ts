import ts from 'typescript'
import { describe, expect, it } from 'vitest'
import { chunkGroups } from '../../../scripts/chunk-groups.ts'
import {
  codeLines,
  importsOf,
  reachable,
  readRepositoryFile,
  repositoryFiles,
  repositoryRoot,
  syntaxTree,
} from './support/source-files.ts'

const home = 'packages/temper/src/'
const all = repositoryFiles()
const typescript = all.filter((path) => path.endsWith('.ts'))
const sources = typescript.filter((path) => path.startsWith(home))
/** What is published; tests and what only they need stays out. Worker threads are started by address. */
const shipped = reachable([
  `${home}index.ts`,
  `${home}cli/main.ts`,
  ...sources.filter((path) => path.endsWith('-worker.ts')),
])

/**
 * Compares all trees; is a distribution itself; holds the solver or readers of one against its own package manager or against
 * hostile input; and measurements, which look at fetched archives.
 */
const doorless =
  /^packages\/temper\/test\/(?:apk-requests\.test|path-resolution\.test|interop\/apt-repositories\.test|interop\/alpine-solver\.test|toy\/toy-distro|(?:solver|hostile-apk)\/[^/]+)\.ts$|^bench\/|^scripts\/long\/apt\//

/** What is seen of distributions from outside; the mirror that tests publish is no part of what ships. */
const doors = /\/distro\/(?:open|debian\/fixtures\/mirror|apk\/fixtures\/repository)\.ts$/

/** What each part may import besides itself; cli and index.ts stand above all. */
const siblings = [
  'oci',
  'container',
  'distro',
  'assemble',
  'tree',
  'rules',
  'recipe',
  'sbom',
  'inventory',
  'secrets',
  'advisory',
  'report',
  'attest',
  'policy',
  'lockdown',
  'manifest',
  'compliance',
  'dependencies',
]
const below: Readonly<Record<string, readonly string[]>> = {
  base: [],
  model: ['base'],
  formats: ['base', 'model'],
  ...Object.fromEntries(siblings.map((name) => [name, ['base', 'formats', 'model']])),
  flows: ['base', 'formats', 'model', ...siblings],
  cli: ['base', 'formats', 'model', ...siblings, 'flows'],
  public: ['base', 'formats', 'model', ...siblings, 'flows'],
  'index.ts': ['public'],
}

function partOf(path: string): string {
  return path.slice(home.length).split('/')[0] ?? ''
}

function placesOf(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    codeLines(path).flatMap((line, index) =>
      pattern.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [],
    ),
  )
}

describe('who may import whom', () => {
  it('knows every part', () => {
    expect([...new Set(sources.map(partOf))].filter((part) => !(part in below))).toEqual([])
  })

  it('goes downward only, and siblings are strangers', () => {
    const wrong = sources.flatMap((path) =>
      importsOf(path).flatMap(({ target }) => {
        if (target === undefined) return []
        if (!target.startsWith(home)) return shipped.includes(path) ? [`${path} → ${target}`] : []
        const [from, to] = [partOf(path), partOf(target)]
        return from === to || below[from]?.includes(to) ? [] : [`${path} → ${target}`]
      }),
    )
    expect(wrong).toEqual([])
  })

  it('reaches distributions by one door', () => {
    const inside = (path: string) => path.startsWith(`${home}distro/`)
    const wrong = [...typescript, ...all.filter((path) => path.startsWith('bench/'))].flatMap((path) =>
      inside(path) || doorless.test(path)
        ? []
        : importsOf(path).flatMap(({ target }) =>
            target !== undefined && inside(target) && !doors.test(target) ? [`${path} → ${target}`] : [],
          ),
    )
    expect(wrong).toEqual([])
    // What any distribution needs is not one's own, and knows none; what those of one format share knows none of them.
    const room = (path: string) => path.slice(`${home}distro/`.length).split('/')[0] ?? ''
    const mayKnow: Readonly<Record<string, readonly string[]>> = {
      shared: [],
      apk: ['shared'],
      alpine: ['shared', 'apk'],
      wolfi: ['shared', 'apk'],
      debian: ['shared'],
    }
    expect(
      shipped.filter(inside).flatMap((path) =>
        importsOf(path).flatMap(({ target = '' }) => {
          const [from, to] = [room(path), room(target)]
          const known = from === 'open.ts' || from === to || mayKnow[from]?.includes(to)
          return inside(target) && !known ? [`${path} → ${target}`] : []
        }),
      ),
    ).toEqual([])
  })

  it.each(['flows', 'assemble', 'tree', 'rules'])('%s names no distribution', (part) => {
    const own = shipped.filter((path) => partOf(path) === part)
    const bare = /['"`/]|^\s*\*/
    const named = placesOf(
      own,
      /\b(?:import\b.*(?:debian|dpkg)|\w*(?:[dD]ebian|[dD]pkg)\w*\b(?!['"\-/.]))/,
    ).filter((place) => !bare.test(place.split(/:\d+: /)[1] ?? ''))
    expect(named).toEqual([])
  })

  it('lets the service in by one door, and nobody into the service', () => {
    const server = 'packages/server/src/'
    const door = `${server}temper.ts`
    const wrong = typescript.flatMap((path) => {
      const inside = path.startsWith(server)
      if (!inside && !path.startsWith(home)) return []
      return importsOf(path).flatMap(({ target }) => {
        if (target === undefined || target.startsWith(inside ? server : home)) return []
        const meets = path === door ? target === `${home}index.ts` : !inside && !target.startsWith(server)
        return meets ? [] : [`${path} → ${target}`]
      })
    })
    expect(wrong).toEqual([])
  })

  it('follows symlinks with one resolution of paths, which alone counts them', () => {
    const counted = /\b(?:links|hops)\b *(?:<|>|\+\+)|\+\+(?:links|hops)\b|\blinkLimit\b/
    const walkers = shipped.filter(
      (path) =>
        placesOf([path], counted).length > 0 && /symlink|readlink|linkTarget/i.test(readRepositoryFile(path)),
    )
    const one = ['look-up.ts', 'resolve-path.ts'].map((name) => `${home}model/tree/${name}`)
    expect(walkers.filter((path) => !one.includes(path))).toEqual([])
  })

  it('has no cycles', () => {
    const done = new Set<string>()
    const cycles: string[] = []
    const visit = (path: string, trail: readonly string[]) => {
      const start = trail.indexOf(path)
      if (start >= 0) cycles.push([...trail.slice(start), path].join(' → '))
      if (start >= 0 || done.has(path) || !path.endsWith('.ts')) return
      for (const { target } of importsOf(path)) if (target) visit(target, [...trail, path])
      done.add(path)
    }
    for (const path of shipped) visit(path, [])
    expect(cycles).toEqual([])
  })

  it('names files with their ending, and only files that exist', () => {
    const known = new Set(all)
    const wrong = typescript.flatMap((path) =>
      importsOf(path).flatMap(({ specifier, target }) =>
        target !== undefined && !known.has(target) ? [`${path}: ${specifier}`] : [],
      ),
    )
    expect(wrong).toEqual([])
  })

  it('uses only dependencies that the package declares', () => {
    const manifest: { dependencies: Record<string, string> } = JSON.parse(
      readRepositoryFile('packages/temper/package.json'),
    )
    const wrong = shipped.flatMap((path) =>
      importsOf(path).flatMap(({ specifier, target }) => {
        if (target !== undefined || specifier.startsWith('node:')) return []
        const name = specifier
          .split('/')
          .slice(0, specifier.startsWith('@') ? 2 : 1)
          .join('/')
        return name in manifest.dependencies ? [] : [`${path}: ${specifier}`]
      }),
    )
    expect(wrong).toEqual([])
  })
})

it('what is bundled together is there', () => {
  const names = chunkGroups(
    `${repositoryRoot}/${home}`,
    sources.map((path) => `${repositoryRoot}/${path}`),
  ).map(({ name }) => name)
  expect(names).toEqual(['boot', 'start', 'evidence', 'scan', 'shared', 'image', 'build'])
})

describe('the world outside', () => {
  const outsideCli = shipped.filter((path) => partOf(path) !== 'cli')

  it.each([
    ['the environment', /\bprocess\.env\b/],
    ['the clock', /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bprocess\.hrtime\b/],
    ['the terminal', /\bconsole\.|\bprocess\.(stdout|stderr|stdin|argv|exit)\b/],
    ['chance', /\bMath\.random\b/],
  ])('only cli/ touches %s', (_what, pattern) => {
    expect(placesOf(outsideCli, pattern)).toEqual([])
  })

  it('only cli/host.ts and cli/main.ts touch the process', () => {
    const others = shipped.filter((path) => partOf(path) === 'cli' && !/\/(host|main)\.ts$/.test(path))
    expect(
      placesOf(
        others,
        /\bprocess\.(env|stdout|stderr|argv|exit|on)\b|\bDate\.now\b|\bnew Date\(\)|\bconsole\./,
      ),
    ).toEqual([])
  })

  it('depends on no locale', () => {
    expect(placesOf(shipped, /\.localeCompare\(|\.toLocale[A-Z]|\bIntl\./)).toEqual([])
  })
})

describe('files', () => {
  it('are named for what they hold', () => {
    const vague = /(^|\/)(utils?|helpers?|common|managers?|types|misc)(\.|\/|$)/
    expect(all.filter((path) => vague.test(path))).toEqual([])
  })

  it('that only tests reach are tests or in a folder fixtures, and nothing that ships is', () => {
    const forTests = (path: string) => path.endsWith('.test.ts') || path.includes('/fixtures/')
    const ships = new Set(shipped)
    const code = sources.filter((path) => !path.endsWith('.d.ts'))
    expect(code.filter((path) => forTests(path) === ships.has(path))).toEqual([])
  })

  it('stand at most 25 to a folder', () => {
    const counts = new Map<string, number>()
    for (const path of sources) {
      if (path.endsWith('.test.ts')) continue
      const folder = path.slice(0, path.lastIndexOf('/'))
      counts.set(folder, (counts.get(folder) ?? 0) + 1)
    }
    expect([...counts].filter(([, count]) => count > 25)).toEqual([])
  })

  it('stay short', () => {
    const long = typescript.flatMap((path) => {
      const lines = readRepositoryFile(path).split('\n').length - 1
      return lines > (path.endsWith('.test.ts') ? 700 : 350) ? [`${path}: ${lines} lines`] : []
    })
    expect(long).toEqual([])
  })

  it('leave nothing for later and silence no checker', () => {
    const marks = new RegExp(['TO' + 'DO', 'FIX' + 'ME', '@ts-(ignore|expect|nocheck)'].join('|'))
    const marked = typescript.flatMap((path) =>
      readRepositoryFile(path)
        .split('\n')
        .flatMap((line, index) => (marks.test(line) ? [`${path}:${index + 1}: ${line.trim()}`] : [])),
    )
    expect(marked).toEqual([])
  })
})

/**
 * Variables, parameters and functions named `found`, which says that something was there and not what. It stays the name
 * of a member of violations and errors (the actual, beside the expected), and so of what is taken out of one or becomes
 * one, and of the text that goes into one.
 */
function vagueFinds(path: string): readonly string[] {
  const tree = syntaxTree(path)
  const isFound = (node: ts.Node | undefined) =>
    node !== undefined && ts.isIdentifier(node) && node.text === 'found'
  const becomesMember = (node: ts.Node): boolean =>
    (ts.isShorthandPropertyAssignment(node) && isFound(node.name)) ||
    ts.forEachChild(node, (child) => becomesMember(child) || undefined) === true
  const makesError = (around: ts.Node) => ts.isArrowFunction(around) && ts.isNewExpression(around.body)
  const places: string[] = []
  const visit = (node: ts.Node, around: ts.Node, pattern?: ts.BindingPattern) => {
    const isNamed =
      ts.isVariableDeclaration(node) ||
      ts.isParameter(node) ||
      ts.isBindingElement(node) ||
      ts.isFunctionDeclaration(node)
    if (isNamed && isFound(node.name)) {
      const isMember =
        ts.isBindingElement(node) &&
        ts.isObjectBindingPattern(pattern ?? node) &&
        node.propertyName === undefined &&
        node.dotDotDotToken === undefined
      const isText =
        ts.isParameter(node) && (node.type?.kind === ts.SyntaxKind.StringKeyword || makesError(around))
      if (!isMember && !isText && (around === tree || !becomesMember(around))) {
        const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree))
        places.push(`${path}:${line + 1}`)
      }
    }
    const [within, inside] = [ts.isFunctionLike(node) ? node : around, bindingPattern(node)]
    ts.forEachChild(node, (child) => visit(child, within, inside))
  }
  visit(tree, tree)
  return places
}

function bindingPattern(node: ts.Node): ts.BindingPattern | undefined {
  return ts.isObjectBindingPattern(node) || ts.isArrayBindingPattern(node) ? node : undefined
}

/** Names that rooms of the same shape share: the distributions of different formats have the same files. */
const parallel: ReadonlySet<string> = new Set(['KeyPlaces', 'PinOptions'])

/** Members that are written as a literal of their own within another: `{ ...{ a, b }, c }`. */
function literalsWithin(path: string): readonly string[] {
  const tree = syntaxTree(path)
  const places: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isSpreadAssignment(node) && ts.isObjectLiteralExpression(node.expression)) {
      const { line } = tree.getLineAndCharacterOfPosition(node.getStart(tree))
      places.push(`${path}:${line + 1}`)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return places
}

it('no literal object is spread within another: its members are members of that one', () => {
  expect(typescript.flatMap(literalsWithin)).toEqual([])
})

describe('names', () => {
  it('of types that are exported mean one thing', () => {
    const homes = new Map<string, string[]>()
    for (const path of shipped.filter((each) => each.endsWith('.ts')))
      for (const statement of syntaxTree(path).statements) {
        const named =
          ts.isInterfaceDeclaration(statement) ||
          ts.isTypeAliasDeclaration(statement) ||
          ts.isClassDeclaration(statement)
        const isExported =
          named && statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true
        const name = named ? (statement.name?.text ?? '') : ''
        if (isExported) homes.set(name, [...(homes.get(name) ?? []), path.slice(home.length)])
      }
    expect([...homes].filter(([name, paths]) => paths.length > 1 && !parallel.has(name))).toEqual([])
  })

  it('say what is held, not that it was found', () => {
    // Most files only have the word in a sentence, and need not be parsed.
    const perhaps =
      /(?:\b(?:const|let|function)|\.\.\.|[([:])\s*found\b|,\s*found(?:\??:\s*(?:[A-Z(]|readonly\b)|[)\]])/
    expect(typescript.filter((path) => perhaps.test(readRepositoryFile(path))).flatMap(vagueFinds)).toEqual(
      [],
    )
  })
})

/** Files that parse JSON themselves, since nobody else has written it. */
const ownJson: Readonly<Record<string, readonly string[]>> = {
  'the reader of foreign JSON': ['base/json/parse.ts', 'base/json/repeated.ts'],
  'ships with Temper': ['base/version.ts', 'flows/catalog/list.ts'],
  'of the cache or an index, which proves itself': [
    'advisory/index/record/entry-code.ts',
    'advisory/index/record/record-code.ts',
    'advisory/index/storage/file-index.ts',
    'advisory/index/storage/open-file.ts',
    'advisory/index/store/sealed-json.ts',
    'advisory/index/verify-index.ts',
    'base/value-cache.ts',
    'cli/kept-code.ts',
    'flows/assemble/readers.ts',
    'flows/build/prepared.ts',
    'flows/feeds/partial-file.ts',
  ],
  'was made a moment before': [
    'cli/commands/sbom.ts',
    'cli/commands/vex.ts',
    'flows/comply/comply.ts',
    'policy/file/extend.ts',
  ],
  'one name, cut out of a document': ['advisory/feed/json-members.ts'],
}

/** The same in the service; paths below its sources. */
const ownJsonOfService: Readonly<Record<string, readonly string[]>> = {
  'it wrote the file itself': [
    'auth/token-file.ts',
    'clocks/waivers.ts',
    'operations/restore.ts',
    'recipes/sent.ts',
    'registry/replication/queue.ts',
    'registry/storage/repository.ts',
    'watch/kept-feeds.ts',
  ],
  'its environment, which whoever runs it sets': ['settings-sources.ts'],
  'was made a moment before': ['http/routes/factory/exports.ts'],
  'is part of the program': ['database/embedded/folder-image.ts'],
}

describe('JSON', () => {
  it('from outside has one reader, which bounds it', () => {
    const readers = shipped.filter((path) => placesOf([path], /\bJSON\.parse\(/).length > 0)
    expect(readers.map((path) => path.slice(home.length)).sort()).toEqual(
      Object.values(ownJson).flat().sort(),
    )
  })

  it('from outside has the same reader in the service', () => {
    const service = 'packages/server/src/'
    const own = typescript.filter((path) => path.startsWith(service) && !path.endsWith('.test.ts'))
    const readers = own.filter((path) => placesOf([path], /\bJSON\.parse\b|\.json\(\)/).length > 0)
    expect(readers.map((path) => path.slice(service.length)).sort()).toEqual(
      Object.values(ownJsonOfService).flat().sort(),
    )
  })
})

/** Expressions that are not written out where they are used, and why no text can make them slow. */
const reviewed: Readonly<Record<string, string>> = {
  [`${home}distro/debian/effects/debconf.ts`]: 'the two names of fields are ours; one run of a line follows',
  [`${home}inventory/language/unlocked/cataloguer.ts`]:
    'joined of patterns that stand in the sources beside it',
  [`${home}model/vendor.ts`]: 'names of releases, which are ours; one run of digits behind each',
  [`${home}oci/name.ts`]:
    'made of constants, each repetition led by a separator; names have at most 255 characters',
  [`${home}secrets/search.ts`]: 'alternatives of our own keywords, escaped, without repetition',
}

/** Places in a file where an expression is made of something else than one literal. */
function madeExpressions(path: string): readonly string[] {
  const tree = syntaxTree(path)
  const places: string[] = []
  const visit = (node: ts.Node) => {
    const made = ts.isNewExpression(node) || ts.isCallExpression(node)
    if (made && ts.isIdentifier(node.expression) && node.expression.text === 'RegExp') {
      const [source] = node.arguments ?? []
      if (source === undefined || !ts.isStringLiteralLike(source)) places.push(path)
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return places
}

describe('regular expressions', () => {
  it('are made at run time only where somebody has looked whether a foreign text can make them slow', () => {
    const places = [...new Set(shipped.filter((path) => path.endsWith('.ts')).flatMap(madeExpressions))]
    expect(places.sort()).toEqual(Object.keys(reviewed).sort())
  })
})

/** Tables that are asked by names which cannot be those that every object has, by why that is. */
const askedByKnownNames: Readonly<Record<string, readonly string[]>> = {
  'an expression has matched the name': [
    'base/age.ts: units',
    'cli/report/quantity.ts: ageFactors',
    'cli/report/quantity.ts: unitFactors',
    'compliance/pack/page.ts: entities',
    'compliance/pack/xccdf.ts: entities',
    'report/markup.ts: entities',
    'formats/apk/relation.ts: relations',
    'formats/version/pep440.ts: ranks',
    'policy/gate/parse.ts: unitSeconds',
    'recipe/normalise/package-request.ts: relations',
    'formats/debian-licence/names.ts: exceptions',
  ],
  'the name is one of our own': [
    'cli/options/named-image.ts: others',
    'cli/program/command-table.ts: loaders',
    'cli/settings/option-settings.ts: rivals',
    'formats/compress/probe.ts: expected',
    'formats/cvss/v4.ts: steps',
    'policy/expression/expression-worker.ts: variables',
  ],
  'a library or Node.js gives the name': [
    'base/http/failure.ts: reasons',
    'base/http/proxy.ts: defaultPorts',
    'formats/xz/wasm.ts: reasons',
    'formats/xz/wasm.ts: unsupported',
    'policy/file/issue.ts: typeNames',
    'recipe/document/issue.ts: typeNames',
  ],
  'it was asked before whether it has the name': [
    'advisory/vex/format/cyclonedx.ts: justifications',
    'distro/shared/effects/text/regexp-syntax.ts: named',
    'distro/shared/effects/text/search.ts: types',
    'model/vendor.ts: addresses',
    'sbom/read/spdx/spdx3.ts: relationTypes',
  ],
  'the name is in capitals': ['formats/debian-licence/names.ts: families'],
  'what is found there is compared with a number': ['distro/shared/effects/relative-paths.ts: notPaths'],
}

/** Tables of a file that are asked for a member by a name from elsewhere, without asking whether they have it. */
function openTables(path: string): readonly string[] {
  const tree = syntaxTree(path)
  const tables = tree.statements.flatMap((statement) =>
    ts.isVariableStatement(statement)
      ? statement.declarationList.declarations.flatMap(({ name, type }) =>
          /\bRecord<\s*string\b/.test(type?.getText(tree) ?? '') ? [name.getText(tree)] : [],
        )
      : [],
  )
  const asked: string[] = []
  const visit = (node: ts.Node, statement: string) => {
    const around = ts.isStatement(node) && !ts.isBlock(node) ? node.getText(tree) : statement
    if (ts.isElementAccessExpression(node) && !ts.isStringLiteralLike(node.argumentExpression)) {
      const table = node.expression.getText(tree)
      if (tables.includes(table) && !around.includes(`hasOwn(${table},`)) asked.push(table)
    }
    ts.forEachChild(node, (child) => visit(child, around))
  }
  visit(tree, '')
  return asked.map((table) => `${path.slice(home.length)}: ${table}`)
}

describe('tables', () => {
  it('have what is asked of them by name: "constructor" is in none', () => {
    const places = [...new Set(shipped.filter((path) => path.endsWith('.ts')).flatMap(openTables))]
    expect(places.sort()).toEqual(Object.values(askedByKnownNames).flat().sort())
  })
})

import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { layerEntries } from '../../../test/support/layer-entries.ts'
import { sha256 } from '../../base/digest.ts'
import { sampleProject } from '../../dependencies/composer/fixtures/sample-project.ts'
import { sampleGem, sampleMetadata } from '../../dependencies/gem/fixtures/sample-gem.ts'
import { npmArchive } from '../../dependencies/npm/fixtures/npm-archive.ts'
import { buildWheel } from '../../dependencies/python/fixtures/sample-wheel.ts'
import { cleanUp } from '../../distro/debian/fixtures/mirror.ts'
import { build } from '../build/build.ts'
import type { Context } from '../context.ts'
import { archiveContext, writeRecipe } from '../fixtures/sample-archive.ts'
import { inspect } from '../image/inspect.ts'
import { lock } from '../lock/lock.ts'

const wheel = buildWheel({
  'demo/__init__.py': 'x = 1\n',
  'demo/libstatic.a': '!<arch>\n',
})
const name = 'demo-1.0-py3-none-any.whl'

const tarball = npmArchive({ 'package.json': '{"name":"demo","version":"1.0.0"}' })

/** Packages that both have a program "tool". */
const tools = new Map(
  ['a-tool', 'b-tool'].map((tool) => [
    tool,
    npmArchive({
      'package.json': JSON.stringify({ name: tool, version: '1.0.0', bin: { tool: 'tool.js' } }),
      'tool.js': tool,
    }),
  ]),
)

const php = sampleProject('')
const gem = sampleGem(sampleMetadata(), { 'lib/demo.rb': 'x = 1\n' })

let folder = ''
let context: Context
let server: Server
let index = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-dependencies-'))
  const debs = [
    { name: 'python3', version: '3.13.5-1', files: { '/usr/bin/python3': 'x', '/usr/share/python/x': 'y' } },
    { name: 'libc6', version: '2.41-1', files: { '/usr/share/libc/x': 'y' } },
    { name: 'libruby3.3', version: '3.3.8-1', files: { '/usr/share/ruby/x': 'y' } },
  ]
  ;({ context } = await archiveContext(folder, debs))
  server = createServer((request, response) => {
    if (request.url === `/files/${name}`) return response.end(wheel)
    const tool = tools.get(/^\/tools\/(.+)\.tgz$/.exec(request.url ?? '')?.[1] ?? '')
    if (tool !== undefined) return response.end(tool)
    if (request.url?.endsWith('/demo/-/demo-1.0.0.tgz')) return response.end(tarball)
    if (request.url === '/maven2/org/demo/demo/1.0/demo-1.0.jar') return response.end('PK not really')
    const archive = php.archives.get(request.url?.replace(/^\/php\/|\?.*/g, '') ?? '')
    if (archive !== undefined) return response.end(archive)
    if (request.url?.endsWith('/gems/demo-1.2.0.gem')) return response.end(gem)
    if (request.url === '/for-arm/1.0.0') return response.end('{"cpu":["arm64"],"os":["linux"]}')
    if (request.url !== '/simple/demo/') return response.writeHead(404).end()
    response.setHeader('content-type', 'text/html')
    response.end(`<a href="/files/${name}#${sha256(wheel).replace(':', '=')}">${name}</a>`)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  index = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(async () => {
  server.close()
  await cleanUp()
  await rm(folder, { recursive: true, force: true })
})

async function target(requirements: string, recipe: string): Promise<string> {
  await writeFile(join(folder, `${recipe}.txt`), requirements)
  const more = `dependencies: [{ python: ${recipe}.txt }]\n`
  return await writeRecipe(folder, { name: recipe, packages: ['python3', 'libc6'], more })
}

describe('packages of Python', () => {
  it('are locked by digest and installed without running anything, hardened as packages are', async () => {
    const text = `--index-url ${index}/simple\ndemo==1.0 --hash=${sha256(wheel)}\n`
    const recipe = await target(text, 'good')
    const { lock: made, path } = await lock({ target: recipe }, context)
    expect(made.platforms[0]?.dependencies).toEqual([
      {
        kind: 'python',
        lockFile: 'good.txt',
        name: 'demo',
        version: '1.0',
        file: name,
        url: `${index}/files/${name}`,
        digest: sha256(wheel),
        size: wheel.length,
      },
    ])
    const first = await build({ target: recipe }, context)
    expect(first.lock).toBe(path)
    expect(first.platforms[0]?.stripped['static library']).toBe(1)
    // From the cache alone.
    const offline = await build({ target: recipe, layout: { path: 'again' } }, { ...context, offline: true })
    expect(offline.digest).toBe(first.digest)
    expect(await readFile(path, 'utf8')).toContain('"dependencies"')
  })

  it.each([
    [`demo==1.0 --hash=sha256:${'0'.repeat(64)}`, 'bad-recipe', 'no file with a digest of the lock file'],
    ['demo==1.0', 'bad-recipe', 'has no SHA-256'],
    [`none==1.0 --hash=sha256:${'0'.repeat(64)}`, 'not-found', 'No index has the package none'],
  ])('%j are refused', async (line, code, message) => {
    const recipe = await target(`--index-url ${index}/simple\n${line}\n`, 'bad')
    await expect(lock({ target: recipe }, context)).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  it('need an index that somebody names', async () => {
    const recipe = await target(`demo==1.0 --hash=${sha256(wheel)}\n`, 'unnamed')
    await expect(lock({ target: recipe }, context)).rejects.toMatchObject({ code: 'bad-usage' })
    const mirrors = { ...context.mirrors, pypi: [`${index}/simple/`] }
    await expect(lock({ target: recipe }, { ...context, mirrors })).resolves.toMatchObject({ changed: true })
    await rm(join(folder, 'unnamed.lock.json'), { force: true })
    const asked: string[] = []
    const pythonIndex = async () => {
      asked.push('pip')
      return `${index}/simple`
    }
    const { lock: made } = await lock({ target: recipe }, { ...context, pythonIndex })
    expect(made.platforms[0]?.dependencies).toMatchObject([{ name: 'demo', url: `${index}/files/${name}` }])
    expect(asked).toEqual(['pip'])
    const named = await target(`--index-url ${index}/simple\ndemo==1.0 --hash=${sha256(wheel)}\n`, 'named')
    await lock({ target: named }, { ...context, pythonIndex })
    expect(asked).toEqual(['pip'])
  })
})

describe('layers of packages of an application', () => {
  const layersOf = async (layout: string) => {
    const reference = { kind: 'oci', path: join(folder, layout) } as const
    const { images } = await inspect({ reference, packages: false }, context)
    return images[0]?.layers ?? []
  }
  let target = ''
  const built = async (code: string, layout: string) => {
    await writeFile(join(folder, 'code.py'), code)
    await lock({ target }, context)
    await build({ target, layout: { path: layout } }, context)
    return await layersOf(layout)
  }

  it('stay as they are when its own code changes', async () => {
    const requirements = `--index-url ${index}/simple\ndemo==1.0 --hash=${sha256(wheel)}\n`
    await writeFile(join(folder, 'own.txt'), requirements)
    const more =
      'dependencies: [{ python: own.txt }]\npaths: [{ path: /app/code.py, type: file, source: code.py }]\n'
    target = await writeRecipe(folder, { name: 'own', packages: ['python3', 'libc6'], more })
    const first = await built('print(1)\n', 'first')
    const second = await built('print(2)\n', 'second')
    expect(second.at(-2)?.createdBy).toBe('temper: demo')
    expect(second.slice(0, -1)).toEqual(first.slice(0, -1))
    expect(second.at(-1)?.digest).not.toBe(first.at(-1)?.digest)
  })

  it('are the last one for a lock of before', async () => {
    const { path } = await lock({ target }, context)
    const text = await readFile(path, 'utf8')
    await writeFile(path, text.replace(/ *"dependencyLayers": true,\n/, ''))
    await build({ target, layout: { path: 'before' } }, context)
    const [before, now] = [await layersOf('before'), await layersOf('second')]
    expect(before).toHaveLength(now.length - 1)
    expect(before.slice(0, -1)).toEqual(now.slice(0, -2))
  })
})

describe('packages of npm of which a lock has a SHA-1 alone', () => {
  const packages = (sha1: string) => {
    const integrity = `sha1-${Buffer.from(sha1, 'hex').toString('base64')}`
    const resolved = `${index}/old/demo/-/demo-1.0.0.tgz`
    return { 'node_modules/demo': { version: '1.0.0', integrity, resolved } }
  }
  const target = async (sha1: string) => {
    const text = JSON.stringify({ lockfileVersion: 3, packages: packages(sha1) })
    await writeFile(join(folder, 'package-lock.json'), text)
    const more = 'dependencies: [{ npm: package-lock.json, into: /app }]\n'
    return await writeRecipe(folder, { name: 'old', packages: ['python3', 'libc6'], more })
  }

  it('are checked by it, told, and locked by their SHA-256', async () => {
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    const recipe = await target(createHash('sha1').update(tarball).digest('hex'))
    const { lock: made } = await lock({ target: recipe }, { ...context, progress })
    expect(made.platforms[0]?.dependencies).toMatchObject([{ name: 'demo', digest: sha256(tarball) }])
    expect(warnings).toContainEqual(expect.stringContaining('has only a SHA-1 of demo 1.0.0'))
  })

  it('are refused where it is another', async () => {
    await expect(lock({ target: await target('0b'.repeat(20)) }, context)).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining(`expected SHA-1 ${'0b'.repeat(20)}`),
    })
  })
})

describe('packages of npm whose lock has no addresses', () => {
  it('come from the registry that npm uses here, unless a mirror is named', async () => {
    const hash = createHash('sha512').update(tarball).digest('base64')
    const packages = { 'node_modules/demo': { version: '1.0.0', integrity: `sha512-${hash}` } }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const more = 'dependencies: [{ npm: package-lock.json, into: /app }]\n'
    const recipe = await writeRecipe(folder, { name: 'npm', packages: ['python3', 'libc6'], more })
    await expect(lock({ target: recipe }, context)).rejects.toMatchObject({
      code: 'bad-usage',
      hint: expect.stringContaining('mirrors.npm'),
    })
    const npmRegistry = async () => `${index}/npm/`
    const { lock: made } = await lock({ target: recipe }, { ...context, npmRegistry })
    expect(made.platforms[0]?.dependencies).toMatchObject([
      { kind: 'npm', name: 'demo', url: `${index}/npm/demo/-/demo-1.0.0.tgz`, digest: sha256(tarball) },
    ])
    const mirrors = { ...context.mirrors, npm: [`${index}/mirror`] }
    const mirrored = await lock({ target: recipe }, { ...context, npmRegistry, mirrors })
    expect(mirrored.lock.platforms[0]?.dependencies?.[0]?.url).toBe(`${index}/mirror/demo/-/demo-1.0.0.tgz`)
  })
})

describe('packages that an application needs for development', () => {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const files = async (more: string) => {
    const resolved = `${index}/demo/-/demo-1.0.0.tgz`
    const packages = {
      'node_modules/demo': { version: '1.0.0', integrity, resolved },
      'node_modules/tool': { name: 'demo', version: '1.0.0', integrity, resolved, dev: true },
    }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const target = await writeRecipe(folder, { name: 'tools', packages: ['python3', 'libc6'], more })
    const { lock: made } = await lock({ target }, context)
    await build({ target, layout: { path: 'tools.out' } }, { ...context, offline: true })
    const entries = await layerEntries(join(folder, 'tools.out'))
    return { locked: made.platforms[0]?.dependencies, entries }
  }

  it('are locked beside what the image gets, which they do not enter', async () => {
    const [plain, both] = [
      await files('dependencies: [{ npm: package-lock.json, into: /app }]\n'),
      await files(
        'dependencies: [{ npm: package-lock.json, into: /app }, { npm: package-lock.json, into: /app, dev: true }]\n',
      ),
    ]
    expect(both.locked?.map(({ place, dev }) => [place, dev === true])).toEqual([
      ['node_modules/demo', false],
      ['node_modules/demo', true],
      ['node_modules/tool', true],
    ])
    expect(plain.entries.map(({ path }) => path)).toContain('app/node_modules/demo/package.json')
    expect(both.entries).toEqual(plain.entries)
  })
})

describe('packages whose addresses cannot be reached', () => {
  it('are told with the setting that names a mirror', async () => {
    const packages = { 'node_modules/a': { version: '1.0.0', integrity: `sha512-${'A'.repeat(86)}==` } }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const more = 'dependencies: [{ npm: package-lock.json, into: /app }]\n'
    const target = await writeRecipe(folder, { name: 'far', packages: ['python3', 'libc6'], more })
    const npmRegistry = async () => 'http://127.0.0.1:1/'
    await expect(lock({ target }, { ...context, npmRegistry })).rejects.toMatchObject({
      code: 'network',
      hint: expect.stringContaining('mirrors.npm'),
    })
  })
})

describe('programs of one name that several packages have', () => {
  it('are that of the first, as npm decides', async () => {
    const packages = Object.fromEntries(
      [...tools].map(([name, bytes]) => [
        `node_modules/${name}`,
        {
          version: '1.0.0',
          integrity: `sha512-${createHash('sha512').update(bytes).digest('base64')}`,
          resolved: `${index}/tools/${name}.tgz`,
        },
      ]),
    )
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const more = 'dependencies: [{ npm: package-lock.json, into: /app }]\n'
    const target = await writeRecipe(folder, { name: 'bins', packages: ['python3', 'libc6'], more })
    await lock({ target }, context)
    await build({ target, layout: { path: 'bins.out' } }, { ...context, offline: true })
    const entries = await layerEntries(join(folder, 'bins.out'))
    expect(entries.filter(({ path }) => path === 'app/node_modules/.bin/tool')).toMatchObject([
      { target: '../a-tool/tool.js' },
    ])
  })
})

describe('packages of JavaScript that other programs than npm locked', () => {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const tree = async (lockFile: string, text: string) => {
    await writeFile(join(folder, lockFile), text)
    const more = `dependencies: [{ npm: ${lockFile}, into: /app }]\n`
    const target = await writeRecipe(folder, {
      name: lockFile.slice(0, 4),
      packages: ['python3', 'libc6'],
      more,
    })
    const npm = { ...context, npmRegistry: async () => `${index}/npm/` }
    const { lock: made } = await lock({ target }, npm)
    await build({ target, layout: { path: `${lockFile}.out` } }, { ...npm, offline: true })
    return made.platforms[0]?.dependencies
  }

  it('are laid out with links as pnpm does', async () => {
    const text = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      alias: {specifier: 'npm:demo@1', version: demo@1.0.0}
packages:
  demo@1.0.0: {resolution: {integrity: ${integrity}}}
snapshots:
  demo@1.0.0: {}
`
    const made = await tree('pnpm-lock.yaml', text)
    expect(made).toMatchObject([
      {
        place: 'node_modules/.pnpm/demo@1.0.0/node_modules/demo',
        links: ['node_modules/alias'],
        digest: sha256(tarball),
      },
    ])
  })

  it('are asked about their machines where yarn lock has options', async () => {
    await writeFile(
      join(folder, 'package.json'),
      JSON.stringify({
        dependencies: { demo: '1' },
        optionalDependencies: { other: 'npm:demo@1.0.0', third: 'npm:demo@1' },
      }),
    )
    const entry = (keys: string, name: string) =>
      `${keys}:\n  version "1.0.0"\n  resolved "${index}/${name}/-/demo-1.0.0.tgz#0"\n  integrity ${integrity}\n`
    const text = `# yarn lockfile v1\n${entry('demo@1', 'demo')}${entry('"other@npm:demo@1.0.0"', 'for-arm')}${entry('"third@npm:demo@1"', 'for-none')}`
    const made = await tree('yarn.lock', text)
    expect(made?.map(({ place }) => place)).toEqual(['node_modules/demo', 'node_modules/third'])
  })
})

describe('what a lock says of npm packages, for whoever writes the recipe', () => {
  const integrity = `sha512-${createHash('sha512').update(tarball).digest('base64')}`
  const told = async (packages: object, { dev = false, more = '' } = {}) => {
    const warnings: string[] = []
    const progress = { ...context.progress, warn: (text: string) => void warnings.push(text) }
    await writeFile(join(folder, 'package-lock.json'), JSON.stringify({ lockfileVersion: 3, packages }))
    const asked = `{ npm: package-lock.json, into: /app${dev ? ', dev: true' : ''} }`
    const target = await writeRecipe(folder, {
      name: 'told',
      packages: ['python3', 'libc6'],
      more: `${more}dependencies: [${asked}]\n`,
    })
    await lock({ target }, { ...context, progress, npmRegistry: async () => `${index}/npm/` })
    return warnings
  }
  const scripted = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `node_modules/a${i}`,
        { name: 'demo', version: '1.0.0', integrity, hasInstallScript: true },
      ]),
    )
  const named = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, i) => [
        `node_modules/a${i}`,
        {
          name: `demo${i}`,
          version: '1.0.0',
          integrity,
          hasInstallScript: true,
          resolved: `${index}/x/demo/-/demo-1.0.0.tgz`,
        },
      ]),
    )

  it('names few install scripts one by one, a package once', async () => {
    expect(await told(scripted(5))).toEqual([
      'demo 1.0.0 has an install script, which is not run: build in a step what it would make',
    ])
    expect((await told(named(3))).map((line) => line.split(' ')[0])).toEqual(['demo0', 'demo1', 'demo2'])
  })

  it('folds many of them into one line that says where all are', async () => {
    expect(await told(named(5))).toEqual([
      '5 packages with an install script, which is not run: build in a step what it would make (demo0 1.0.0, demo1 1.0.0, demo2 1.0.0 and 2 more); "hasInstallScript" or "requiresBuild" in package-lock.json shows all',
    ])
    expect(await told(named(1), { dev: true })).toEqual([
      '1 package for steps with an install script, which is not run: build in a step what it would make (demo0 1.0.0)',
    ])
  })

  const workspace = {
    'node_modules/@w/own': { resolved: 'packages/own', link: true },
    'packages/own': { version: '1.0.0' },
    'node_modules/two': { resolved: 'packages/two', link: true },
    'packages/two': { version: '1.0.0' },
  }

  it('says which packages of the workspace the recipe lacks, and what to write', async () => {
    expect(await told(workspace)).toEqual([
      'package-lock.json: @w/own, two: files of your own, which are to be added under contents.files: { path: /app/node_modules/@w/own, source: packages/own } (and 1 more in the same way)',
    ])
    await mkdir(join(folder, 'packages/own'), { recursive: true })
    await writeFile(join(folder, 'packages/own/index.js'), '')
    const files = '{ path: /app/node_modules/@w/own, source: packages/own }'
    expect(await told(workspace, { more: `  files: [${files}]\n` })).toEqual([
      'package-lock.json: two: files of your own, which are to be added under contents.files: { path: /app/node_modules/two, source: packages/two }',
    ])
  })
})

describe('jars that Maven and Gradle locked', () => {
  const jar = Buffer.from('PK not really')
  const file = 'demo-1.0.jar'

  it('come from the repository that is named, by their digests', async () => {
    const checksum = sha256(jar).slice('sha256:'.length)
    const entry = {
      groupId: 'org.demo',
      artifactId: 'demo',
      version: '1.0',
      scope: 'compile',
      included: true,
    }
    const dependencies = [{ ...entry, checksumAlgorithm: 'SHA-256', checksum, children: [] }]
    await writeFile(join(folder, 'lockfile.json'), JSON.stringify({ dependencies }))
    await mkdir(join(folder, 'gradle'), { recursive: true })
    await writeFile(join(folder, 'gradle.lockfile'), 'org.demo:demo:1.0=runtimeClasspath\n')
    const artifact = `<artifact name="${file}"><sha256 value="${checksum}"/></artifact>`
    await writeFile(
      join(folder, 'gradle/verification-metadata.xml'),
      `<a><component group="org.demo" name="demo" version="1.0">${artifact}</component></a>`,
    )
    for (const name of ['lockfile.json', 'gradle.lockfile']) {
      const more = `dependencies: [{ maven: ${name}, into: /app/lib }]\n`
      const target = await writeRecipe(folder, {
        name: name.slice(0, 4),
        packages: ['python3', 'libc6'],
        more,
      })
      await expect(lock({ target }, context)).rejects.toMatchObject({ code: 'bad-usage' })
      const maven = { ...context, mirrors: { ...context.mirrors, maven: [`${index}/maven2/`] } }
      const { lock: made } = await lock({ target }, maven)
      expect(made.platforms[0]?.dependencies).toEqual([
        {
          kind: 'maven',
          lockFile: name,
          name: 'org.demo:demo',
          version: '1.0',
          file,
          place: file,
          url: `${index}/maven2/org/demo/demo/1.0/${file}`,
          digest: sha256(jar),
          size: jar.length,
        },
      ])
      await expect(build({ target }, { ...maven, offline: true })).resolves.toMatchObject({
        platforms: [{ packages: 2, files: 19 }],
      })
    }
  })
})

describe('packages of PHP that Composer locked', () => {
  const more = 'dependencies: [{ composer: composer.lock, into: /app }]\n'
  const php = async (change: (lock: string) => string = (lock) => lock) => {
    const { manifest, lock } = sampleProject(`${index}/php`)
    await writeFile(join(folder, 'composer.json'), manifest)
    await writeFile(join(folder, 'composer.lock'), change(lock))
    return await writeRecipe(folder, { name: 'php', packages: ['python3', 'libc6'], more })
  }

  it('are locked by the digests of what their addresses give, and built from these alone', async () => {
    const target = await php()
    const { lock: made, path } = await lock({ target }, context)
    expect(made.platforms[0]?.dependencies).toMatchObject([
      { kind: 'composer', name: 'acme/base', version: 'v1.2.0', place: 'vendor/acme/base' },
      { name: 'acme/legacy', url: `${index}/php/acme-legacy.tar`, file: 'acme-legacy-0.9.1-beta2.tar' },
      { name: 'acme/moving', version: 'dev-main', digest: expect.stringMatching(/^sha256:/) },
    ])
    const offline = { ...context, offline: true }
    const built = await build({ target, layout: { path: 'php.out' } }, offline)
    const reference = { kind: 'oci', path: join(folder, 'php.out') } as const
    const { images } = await inspect({ reference, packages: false }, context)
    const layers = images[0]?.layers.map(({ createdBy }) => createdBy).join('\n')
    for (const name of ['acme/base', 'acme/legacy', 'acme/moving', 'autoloader'])
      expect(layers).toContain(name)
    const other = JSON.parse(await readFile(path, 'utf8'))
    other.platforms[0].dependencies[1].digest = `sha256:${'0'.repeat(64)}`
    await writeFile(path, JSON.stringify(other))
    await expect(build({ target }, context)).rejects.toMatchObject({ code: 'digest-mismatch' })
    await lock({ target }, offline)
    expect((await build({ target }, offline)).digest).toBe(built.digest)
  })

  it('come from the mirror that is configured, and from those that the lock prefers before their own address', async () => {
    const target = await php((text) => {
      const preferred = JSON.stringify([
        { url: `${index}/nowhere/%package%`, preferred: true },
        { url: `${index}/php/acme-legacy.tar?%version%`, preferred: true },
      ])
      return text.replace(
        /("url":"[^"]*acme-legacy.tar")/,
        (own) => `${own.replace('/php/', '/gone/')},"mirrors":${preferred}`,
      )
    })
    const { lock: made } = await lock({ target }, context)
    expect(made.platforms[0]?.dependencies?.map(({ url }) => url)).toEqual([
      `${index}/php/acme-base.tar`,
      `${index}/php/acme-legacy.tar?0.9.1.0-beta2`,
      `${index}/php/acme-moving.tar`,
    ])
    const mirrored = (address: string) => ({
      ...context,
      mirrors: { ...context.mirrors, composer: [address] },
    })
    await rm(join(folder, 'php.lock.json'), { force: true })
    await expect(lock({ target }, mirrored(`${index}/all/%package%.tar`))).rejects.toMatchObject({
      message: expect.stringContaining('/all/acme/base.tar'),
    })
    await expect(lock({ target }, mirrored(`${index}/all/`))).rejects.toMatchObject({
      code: 'bad-usage',
      message: expect.stringContaining('mirrors.composer: expected an address with %package% in it'),
    })
  })

  it('are refused where the lock has another SHA-1', async () => {
    const target = await php((text) => text.replace('"shasum":""', `"shasum":"${'0'.repeat(40)}"`))
    await expect(lock({ target }, context)).rejects.toMatchObject({
      code: 'digest-mismatch',
      message: expect.stringContaining('the package acme/base v1.2.0: expected SHA-1 0000'),
    })
  })

  it('need a folder, and composer.json beside the lock', async () => {
    await php()
    const wrong = async (line: string) =>
      await lock(
        { target: await writeRecipe(folder, { name: 'wrong', packages: ['libc6'], more: line }) },
        context,
      )
    await expect(wrong('dependencies: [{ composer: composer.lock }]\n')).rejects.toThrow('needs "into"')
    await expect(wrong('dependencies: [{ composer: composer.json, into: /app }]\n')).rejects.toThrow(
      'expected composer.lock',
    )
    await expect(
      wrong('dependencies: [{ composer: composer.lock, into: /app, dev: true }]\n'),
    ).rejects.toThrow('packages for development test and check')
    await expect(wrong('dependencies: [{ gem: Gemfile.lock, into: /app, dev: true }]\n')).rejects.toThrow(
      'does not say which gem is for development',
    )
    await expect(
      wrong('dependencies: [{ maven: gradle.lockfile, into: /app, dev: true }]\n'),
    ).rejects.toThrow('only runtimeClasspath is installed')
    await expect(wrong('dependencies: [{ python: uv.lock, dev: true }]\n')).rejects.toThrow(
      'needs "into" with "dev"',
    )
    await rm(join(folder, 'composer.json'))
    await expect(wrong(more)).rejects.toThrow('composer.json')
  })
})

describe('gems that Bundler locked', () => {
  const text = (digest: string) =>
    `GEM\n  remote: ${index}/ruby/\n  specs:\n    demo (1.2.0)\n\nCHECKSUMS\n  demo (1.2.0) sha256=${digest}\n`
  const recipe = async (digest: string, packages: readonly string[]) => {
    await writeFile(join(folder, 'Gemfile.lock'), text(digest))
    const more = 'dependencies: [{ gem: Gemfile.lock, into: /app }]\n'
    return await writeRecipe(folder, { name: 'ruby', packages, more })
  }

  it('come from the server that the lock names, or a mirror, by their digests, for the Ruby of the image', async () => {
    const target = await recipe(sha256(gem).slice('sha256:'.length), ['libruby3.3', 'libc6'])
    const { lock: made } = await lock({ target }, context)
    expect(made.platforms[0]?.dependencies).toEqual([
      {
        kind: 'gem',
        lockFile: 'Gemfile.lock',
        name: 'demo',
        version: '1.2.0',
        file: 'demo-1.2.0.gem',
        url: `${index}/ruby/gems/demo-1.2.0.gem`,
        digest: sha256(gem),
        size: gem.length,
      },
    ])
    const mirrors = { ...context.mirrors, gem: [`${index}/mirror`] }
    const mirrored = await lock({ target }, { ...context, mirrors })
    expect(mirrored.lock.platforms[0]?.dependencies?.[0]?.url).toBe(`${index}/mirror/gems/demo-1.2.0.gem`)
    const built = await build({ target, layout: { path: 'ruby.out' } }, { ...context, offline: true })
    expect(built.platforms[0]?.files).toBe(20)
    const reference = { kind: 'oci', path: join(folder, 'ruby.out') } as const
    const { images } = await inspect({ reference, packages: false }, context)
    expect(images[0]?.layers.map(({ createdBy }) => createdBy).join()).toContain('demo')
  })

  it('are refused with another digest, and without a Ruby', async () => {
    const other = await recipe('0'.repeat(64), ['libruby3.3', 'libc6'])
    await expect(lock({ target: other }, context)).rejects.toMatchObject({ code: 'digest-mismatch' })
    const none = await recipe(sha256(gem).slice('sha256:'.length), ['libc6'])
    await expect(lock({ target: none }, context)).rejects.toThrow('the image has no Ruby')
  })
})

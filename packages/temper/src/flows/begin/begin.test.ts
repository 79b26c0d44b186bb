import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { draftRecipe } from '../../recipe/draft-recipe.ts'
import { findApplication } from './application.ts'
import { type Beginning, beginRecipe } from './begin.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-begin-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** The recipe for what lies in a folder, as a value and as a text that is read again. */
async function begun(files: Readonly<Record<string, string>>, more: Partial<Beginning> = {}) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const application = await findApplication(folder)
  const draft = beginRecipe(Object.assign({ name: 'shop', ports: [] }, application, more))
  return { application, draft, text: draftRecipe(draft) }
}

const sources = ({ files }: { readonly files: readonly { readonly source: string }[] }) =>
  files.map(({ source }) => source)

describe('a command of Python', () => {
  const scripts =
    '[project]\nname = "shop"\n[project.scripts]\nother = "shop.x:y"\nshop = "shop.cli:app.run [all]"\n'
  const call = (path: string) =>
    `import sys; sys.argv[0] = "shop"; sys.path.insert(0, "${path}"); from shop.cli import app; sys.exit(app.run())`

  it.each([
    ['shop/cli.py', '/app'],
    ['src/shop/cli.py', '/app/src'],
    ['src/shop/cli/__init__.py', '/app/src'],
  ])('is called as pyproject.toml declares it: %s', async (file, path) => {
    const { draft } = await begun({ 'uv.lock': '', 'pyproject.toml': scripts, [file]: '' })
    expect(draft.entrypoint).toEqual(['/usr/bin/python3', '-c', call(path)])
    expect(draft.workDir).toBe('/app')
  })

  it('is that of Poetry, too', async () => {
    const poetry = '[tool.poetry]\nname = "shop"\n[tool.poetry.scripts]\nrun = "shop:main"\n'
    const { draft } = await begun({ 'poetry.lock': '', 'pyproject.toml': poetry, 'shop/__init__.py': '' })
    expect(draft.entrypoint?.[2]).toContain('from shop import main; sys.exit(main())')
  })

  it.each([
    ['whose module is not there', scripts, 'shop/other.py'],
    ['that is no name of a function', '[project.scripts]\nshop = "shop.cli:os.system(1)"\n', 'shop/cli.py'],
    ['whose name is none', '[project.scripts]\n\'a"; x\' = "shop.cli:main"\n', 'shop/cli.py'],
    ['of a file that cannot be read', '[project.scripts\n', 'shop/cli.py'],
  ])('%s is none', async (_, text, file) => {
    const { draft } = await begun({ 'uv.lock': '', 'pyproject.toml': text, [file]: '' })
    expect(draft.entrypoint).toEqual([])
  })

  it('comes after a main file', async () => {
    const { draft } = await begun({
      'uv.lock': '',
      'pyproject.toml': scripts,
      'shop/cli.py': '',
      'main.py': '',
    })
    expect(draft.entrypoint).toEqual(['/usr/bin/python3', '/app/main.py'])
  })
})

describe('JavaScript', () => {
  it('runs on the line of Node.js that upstream supports, with all files of its own', async () => {
    const files = { 'package-lock.json': '', 'package.json': '{"type":"module"}', 'index.js': '' }
    const beside = {
      'routes/a.js': '',
      'test/a.js': '',
      'README.md': '',
      '.env': '',
      'node_modules/a/b.js': '',
    }
    const { draft, text, application } = await begun(Object.assign(beside, files))
    expect(draft).toMatchObject({ extends: 'node', packages: [], workDir: '/app', steps: [] })
    expect(sources(draft)).toEqual(['index.js', 'package.json', 'routes'])
    expect(application.besides).toEqual(['.env', 'README.md', 'node_modules', 'package-lock.json', 'test'])
    expect(draft.entrypoint).toEqual(['/usr/bin/node', '/app/index.js'])
    expect(text).toMatch(/^name: shop\nextends: node\ncontents:\n {2}files:/)
  })

  it('runs on the packages of another release where one is asked for', async () => {
    const { draft } = await begun(
      { 'package-lock.json': '', 'index.js': '' },
      { distribution: 'alpine-3.22' },
    )
    expect(draft).toMatchObject({ packages: ['nodejs'] })
    expect(draft).not.toHaveProperty('extends')
  })

  it('is compiled with what it needs for development, which the image does not get', async () => {
    const scripts = { start: 'node dist/server.js', build: 'npm run clean && tsc', clean: 'rm -rf dist' }
    const manifest = JSON.stringify({ scripts, devDependencies: { typescript: '5' } })
    const { draft } = await begun({ 'package-lock.json': '', 'package.json': manifest, 'src/server.ts': '' })
    expect(draft.steps).toMatchObject([
      {
        packages: ['coreutils', 'libstdc++6'],
        ignore: ['node_modules', 'dist'],
        run: 'export PATH=/work/.node/.bin:/work/node_modules/.bin:$PATH\nrm -rf dist && tsc',
        dependencies: [
          { source: '/build/node_modules' },
          { source: '/usr/lib/node/node_modules', path: '.node' },
        ],
        output: { source: 'dist', path: '/app/dist' },
      },
    ])
    expect(draft.dependencies).toEqual([
      { npm: 'package-lock.json', into: '/app' },
      { npm: 'package-lock.json', into: '/build', dev: true },
    ])
    expect(sources(draft)).not.toContain('dist')
    expect(draft.entrypoint).toEqual(['/usr/bin/node', '/app/dist/server.js'])
  })

  it.each([
    ['react-scripts', 'react-scripts build', 'build'],
    ['vite', 'tsc -b && vite build', 'dist'],
  ])('of %s is pages of a web server, with nothing of npm', async (name, build, output) => {
    const manifest = JSON.stringify({
      scripts: { build, start: `${name} start` },
      dependencies: { [name]: '5' },
    })
    const { draft } = await begun({ 'package-lock.json': '', 'package.json': manifest, 'src/index.js': '' })
    expect(draft).toMatchObject({
      extends: 'nginx',
      files: [],
      entrypoint: [],
      dependencies: [{ into: '/build', dev: true }],
      steps: [{ output: { source: output, path: '/usr/share/nginx/html' } }],
    })
  })

  it.each(['npx thing', 'npm ci && tsc', 'npm run none', 'npm run build', 'yarn workspace a build'])(
    'has no step for %j, which only a package manager does',
    async (build) => {
      const manifest = JSON.stringify({ scripts: { start: 'node dist/a.js', build } })
      const { draft } = await begun({ 'package-lock.json': '', 'package.json': manifest })
      expect(draft.steps).toEqual([])
    },
  )
})

describe('Go', () => {
  it.each([
    [{ 'main.go': 'package main\n' }, './'],
    [
      { 'a.go': 'package shop\n', 'cmd/zz/main.go': '// x\npackage main\n', 'cmd/aa/a.go': 'package aa\n' },
      './cmd/zz',
    ],
    [{ 'cmd/aa/main.go': 'package main\n', 'cmd/shop/main.go': 'package main\n' }, './cmd/shop'],
  ])('is compiled from where its program is: %j', async (files, place) => {
    const { draft, application } = await begun(
      Object.assign({ 'go.mod': 'module example.org/shop/v2\n' }, files),
    )
    expect(draft).toMatchObject({ extends: 'static', files: [], entrypoint: ['/usr/local/bin/shop'] })
    expect(draft.steps[0]?.run.split(' ').at(-1)).toBe(place)
    expect(application.build).not.toHaveProperty('before')
  })

  it('has its modules beside it, since a step has no network', async () => {
    const files = {
      'go.mod': 'module a\n',
      'go.sum': 'x',
      'main.go': 'package main\n',
      'package-lock.json': '',
    }
    const { application, draft } = await begun(files)
    expect(application).toMatchObject({ language: 'go', build: { before: 'go mod vendor' } })
    expect(draft.steps[0]?.run).toContain('-mod=vendor')
    const vendored = await begun({ 'vendor/modules.txt': '' })
    expect(vendored.application.build).not.toHaveProperty('before')
  })
})

describe('Rust', () => {
  it.each([
    ['[package]\nname = "shop"\n', 'target/release/shop'],
    ['[package]\nname = "shop"\n[[bin]]\nname = "shopd"\n', 'target/release/shopd'],
  ])('is compiled by its lock: %j', async (manifest, output) => {
    const lock = 'source = "registry+https://registry.example"\n'
    const { draft, application } = await begun({ 'Cargo.toml': manifest, 'Cargo.lock': lock })
    expect(draft).toMatchObject({ extends: 'cc', steps: [{ output: { source: output } }] })
    expect(application.build?.before).toBe('cargo vendor')
  })

  it.each(['[package]\nname = "$(reboot)"\n', 'not toml', '[workspace]\n'])(
    '%j has no step',
    async (manifest) => {
      const { draft } = await begun({ 'Cargo.toml': manifest, 'Cargo.lock': '' })
      expect(draft.steps).toEqual([])
    },
  )
})

describe('PHP and Ruby', () => {
  it('have what Composer locked beside the files of the project', async () => {
    const files = { 'composer.lock': '', 'composer.json': '{}', 'public/index.php': '', 'vendor/a.php': '' }
    const { draft } = await begun(Object.assign(files, { 'package-lock.json': '', 'vite.config.js': '' }))
    expect(draft).toMatchObject({
      extends: 'php-fpm',
      dependencies: [{ composer: 'composer.lock', into: '/var/www/html' }],
      entrypoint: [],
    })
    expect(draft.files).toEqual([
      { source: 'composer.json', path: '/var/www/html/composer.json' },
      { source: 'public', path: '/var/www/html/public' },
    ])
  })

  it('keep what was installed where there is no lock', async () => {
    expect(sources((await begun({ 'index.php': '', 'vendor/a.php': '' })).draft)).toEqual([
      'index.php',
      'vendor',
    ])
  })

  it.each([
    [{}, '3.3.0'],
    [{ distribution: 'debian-12' }, '3.1.0'],
  ])('have gems where the Ruby of the image finds them: %j', async (more, version) => {
    const { draft, text } = await begun({ 'Gemfile.lock': '', 'app.rb': '', 'lib/a.rb': '' }, more)
    expect(draft).toMatchObject({
      dependencies: [{ gem: 'Gemfile.lock', into: '/app' }],
      entrypoint: ['/usr/bin/ruby', '/app/app.rb'],
    })
    expect(text).toContain(`GEM_PATH: /app/vendor/bundle/ruby/${version}\n`)
  })
})

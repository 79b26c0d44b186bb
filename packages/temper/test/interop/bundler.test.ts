import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bundlerSettings, gemFolder, installGem } from '../../src/dependencies/gem/install.ts'
import { readGemfileLock } from '../../src/dependencies/gem/lock.ts'
import { tryDebianTool } from '../support/debian-tool.ts'

/* Bundler installs gems of a server, Temper lays out the same: Ruby reads the same of both, and Bundler runs what Temper laid out. */

const run = promisify(execFile)
const bundle = await tryDebianTool('bundle')

const specifications: Readonly<Record<string, string>> = {
  'acme-lib': `Gem::Specification.new do |s|
  s.name = 'acme-lib'; s.version = '1.2.0'; s.summary = "A library \\"of\\" \\#{things} – é"; s.authors = ['A. Uthor', 'Ö']
  s.files = Dir['lib/**/*']; s.licenses = ['MIT']; s.homepage = 'https://example.test'; s.description = "Two\\nlines"
  s.email = 'a@example.test'; s.metadata = { 'source_code_uri' => 'https://example.test/src' }
  s.required_ruby_version = '>= 2.5', '< 9'
end`,
  'acme-tool': `Gem::Specification.new do |s|
  s.name = 'acme-tool'; s.version = '0.3.0.pre1'; s.summary = 'tool'; s.authors = ['A']; s.files = Dir['{lib,exe}/**/*']
  s.bindir = 'exe'; s.executables = ['acme']; s.require_paths = ['lib', 'more']; s.email = ['a@b.test', 'c@d.test']
  s.add_dependency 'acme-lib', '~> 1.0', '>= 1.1'; s.add_development_dependency 'rake'
end`,
}

const questions = `
Dir[File.join(ARGV[0], 'specifications', '*.gemspec')].sort.each do |path|
  s = Gem::Specification.load(path)
  fields = %i[name version platform authors bindir date description email executables homepage licenses metadata require_paths required_ruby_version required_rubygems_version summary specification_version dependencies]
  puts fields.map { |field| [field, s.public_send(field).inspect.gsub(/0x\\h+/, '')].join(': ') }
end
`

describe.skipIf(bundle === undefined)('Bundler', () => {
  let folder = ''
  let server: Server
  let address = ''
  const env = { ...process.env, HOME: '', BUNDLE_SILENCE_ROOT_WARNING: '1', LANG: 'C.UTF-8' }
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'temper-bundler-'))
    env.HOME = folder
    const served = join(folder, 'served')
    await mkdir(join(served, 'gems'), { recursive: true })
    for (const [name, text] of Object.entries(specifications)) {
      const source = join(folder, name)
      await write(join(source, `${name}.gemspec`), text)
      await write(join(source, `lib/${name}.rb`), "module AcmeLib; def self.hi = 'hi'; end\n")
      await write(join(source, 'exe/acme'), 'require \'acme-lib\'; puts "acme #{AcmeLib.hi} #{ARGV.join}"\n')
      await run('gem', ['build', '--quiet', '--force', `${name}.gemspec`], { cwd: source, env })
      for (const each of await readdir(source))
        if (each.endsWith('.gem')) await write(join(served, 'gems', each), await readFile(join(source, each)))
    }
    await run('gem', ['generate_index', '--quiet', '--directory', served], { env })
    server = createServer((request, response) => {
      readFile(join(served, new URL(request.url ?? '', 'http://x').pathname)).then(
        (bytes) => response.end(bytes),
        () => response.writeHead(404).end(),
      )
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(async () => {
    server.close()
    await rm(folder, { recursive: true, force: true })
  })

  it('installs what Temper lays out, and runs it', async () => {
    const [theirs, ours] = [join(folder, 'theirs'), join(folder, 'ours')]
    const gemfile = `source '${address}'\ngem 'acme-tool'\n`
    await write(join(theirs, 'Gemfile'), gemfile)
    await run(bundle ?? '', ['lock'], { cwd: theirs, env })
    await run(bundle ?? '', ['config', 'set', '--local', 'deployment', 'true'], { cwd: theirs, env })
    await run(bundle ?? '', ['install'], { cwd: theirs, env })

    const lock = await readFile(join(theirs, 'Gemfile.lock'), 'utf8')
    const { stdout: version } = await run('ruby', ['-e', 'print RbConfig::CONFIG["ruby_version"]'], { env })
    const root = gemFolder(ours, version.replace(/\.0$/, ''))
    const sums: string[] = []
    for (const name of ['acme-lib-1.2.0', 'acme-tool-0.3.0.pre1']) {
      const bytes = await readFile(join(folder, 'served/gems', `${name}.gem`))
      sums.push(
        `  ${name.replace(/-([0-9].*)/, ' ($1)')} sha256=${createHash('sha256').update(bytes).digest('hex')}`,
      )
      for (const file of await installGem(bytes, { folder: root, expected: name, what: name }))
        await write(file.path, file.content, file.mode)
    }
    const environment = { architecture: 'amd64', libc: 'glibc' } as const
    const checked = lock.replace('BUNDLED WITH', `CHECKSUMS\n${sums.join('\n')}\n\nBUNDLED WITH`)
    expect(readGemfileLock(checked, environment, 'Gemfile.lock')).toMatchObject([
      { name: 'acme-lib', version: '1.2.0', source: `${address}/` },
      { name: 'acme-tool', version: '0.3.0.pre1' },
    ])
    await write(join(ours, 'Gemfile'), gemfile)
    await write(join(ours, 'Gemfile.lock'), lock)
    const settings = bundlerSettings(ours)
    await write(settings.path, settings.content)

    const own = root.slice(ours.length + 1)
    expect(await names(join(ours, own))).toEqual(
      (await names(join(theirs, own))).filter((each) => !each.startsWith('cache/')),
    )
    await write(join(folder, 'questions.rb'), questions)
    const answer = async (project: string) =>
      (await run('ruby', [join(folder, 'questions.rb'), join(project, own)], { env })).stdout
    expect(await answer(ours)).toBe(await answer(theirs))
    const alone = { cwd: ours, env: { ...env, http_proxy: 'http://127.0.0.1:1' } }
    expect((await run(bundle ?? '', ['exec', 'acme', 'x'], alone)).stdout).toBe('acme hi x\n')
    const plain = { env: { ...env, GEM_PATH: root } }
    expect((await run('ruby', [join(root, 'bin/acme'), 'y'], plain)).stdout).toBe('acme hi y\n')
  })
})

async function write(path: string, content: string | Uint8Array, mode = 0o644): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content, { mode })
}

async function names(root: string): Promise<readonly string[]> {
  const all = await readdir(root, { recursive: true, withFileTypes: true })
  return all
    .filter((each) => !each.isDirectory())
    .map((each) => join(each.parentPath, each.name).slice(root.length + 1))
    .sort()
}

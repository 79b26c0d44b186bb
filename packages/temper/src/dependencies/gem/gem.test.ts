import { describe, expect, it } from 'vitest'
import { sampleGem, sampleMetadata } from './fixtures/sample-gem.ts'
import { bundlerSettings, gemFolder, installGem } from './install.ts'
import { fullVersion, readGemfileLock } from './lock.ts'
import { rubyString } from './ruby.ts'

const glibc = { architecture: 'amd64', libc: 'glibc' } as const
const hex = 'ab'.repeat(32)

const lock = `GEM
  remote: https://gems.example.test/
  specs:
    nokogiri (1.18.1)
      racc (~> 1.4)
    nokogiri (1.18.1-aarch64-linux-gnu)
    nokogiri (1.18.1-arm64-darwin)
    nokogiri (1.18.1-x86_64-linux)
    nokogiri (1.18.1-x86_64-linux-gnu)
    nokogiri (1.18.1-x86_64-linux-musl)
    rack (3.1.8)

PLATFORMS
  ruby
  x86_64-linux-gnu

DEPENDENCIES
  nokogiri
  rack!

CHECKSUMS
  nokogiri (1.18.1) sha256=${hex}
  nokogiri (1.18.1-aarch64-linux-gnu) sha256=${hex}
  nokogiri (1.18.1-x86_64-linux) sha256=${hex}
  nokogiri (1.18.1-x86_64-linux-gnu) sha256=${hex}
  nokogiri (1.18.1-x86_64-linux-musl) sha512=ignored,sha256=${hex}
  rack (3.1.8) sha256=${hex}

BUNDLED WITH
   2.6.7
`

describe('Gemfile.lock', () => {
  it.each([
    [glibc, '1.18.1-x86_64-linux-gnu'],
    [{ architecture: 'amd64', libc: 'musl' } as const, '1.18.1-x86_64-linux-musl'],
    [{ architecture: 'arm64', libc: 'glibc' } as const, '1.18.1-aarch64-linux-gnu'],
    [{ architecture: 'arm64', libc: 'musl' } as const, '1.18.1'],
  ])('has for %j the gem that fits best', (environment, version) => {
    const gems = readGemfileLock(lock, environment, 'Gemfile.lock')
    expect(gems.map((gem) => `${gem.name} ${fullVersion(gem)}`)).toEqual([
      `nokogiri ${version}`,
      'rack 3.1.8',
    ])
    expect(gems[1]).toMatchObject({
      source: 'https://gems.example.test/',
      hashes: [`sha256:${hex}`],
      where: 'Gemfile.lock:11',
    })
  })

  it('takes gems for any C library where there is no better one', () => {
    const some = lock
      .split('\n')
      .filter((line) => !line.includes('linux-gnu'))
      .join('\n')
    const [gem] = readGemfileLock(some, glibc, 'Gemfile.lock')
    expect(gem?.platform).toBe('x86_64-linux')
  })

  it.each([
    ['', 'expected a lock file of Bundler with gems'],
    [
      'GIT\n  remote: https://a.test/b\n  specs:\n    own (1.0)\n',
      'Gemfile.lock:4: own comes from a repository',
    ],
    ['PATH\n  remote: .\n  specs:\n    own (1.0)\n', 'own comes from a folder'],
    [lock.replace(/CHECKSUMS[\s\S]*/, ''), 'nokogiri 1.18.1-x86_64-linux-gnu has no SHA-256 under CHECKSUMS'],
    [lock.replace(`rack (3.1.8) sha256=${hex}`, 'rack (3.1.8)'), 'rack 3.1.8 has no SHA-256'],
    ['GEM\n  specs:\n    a (1-arm64-darwin)\n', 'a is for other machines'],
    [`GEM\n${'    a (1)\n'.repeat(20_001)}`, 'more than 20000 gems'],
  ])('is refused: %#', (text, message) => {
    expect(() => readGemfileLock(text, glibc, 'Gemfile.lock')).toThrow(message)
  })
})

describe('a gem', () => {
  const about = { folder: gemFolder('/app', '3.3'), expected: 'demo-1.2.0', what: 'the gem demo 1.2.0' }
  const text = (content: Uint8Array | undefined) => Buffer.from(content ?? []).toString('utf8')

  it('is laid out as RubyGems does, with its specification and its programs', async () => {
    const metadata = sampleMetadata('executables:\n- demo\nextensions: []\n')
    const gem = sampleGem(metadata, { 'lib/demo.rb': 'x', 'exe/demo': 'y', link: { target: 'lib/demo.rb' } })
    const files = new Map((await installGem(gem, about)).map((file) => [file.path, file]))
    const root = '/app/vendor/bundle/ruby/3.3.0'
    expect([...files].map(([path, { mode }]) => `${path.slice(root.length)} ${mode.toString(8)}`)).toEqual([
      '/gems/demo-1.2.0/lib/demo.rb 644',
      '/gems/demo-1.2.0/exe/demo 755',
      '/gems/demo-1.2.0/link 777',
      '/specifications/demo-1.2.0.gemspec 644',
      '/bin/demo 755',
    ])
    expect(text(files.get(`${root}/bin/demo`)?.content)).toContain(
      "load Gem.activate_bin_path('demo', 'demo', '>= 0.a')",
    )
    expect(
      text(files.get(`${root}/specifications/demo-1.2.0.gemspec`)?.content),
    ).toBe(`# -*- encoding: utf-8 -*-
# stub: demo 1.2.0 ruby lib

Gem::Specification.new do |s|
  s.name = "demo".freeze
  s.version = "1.2.0".freeze

  s.required_rubygems_version = Gem::Requirement.new(">= 0".freeze) if s.respond_to? :required_rubygems_version=
  s.metadata = { "source_code_uri".freeze => "https://example.test/src".freeze } if s.respond_to? :metadata=
  s.require_paths = ["lib".freeze]
  s.authors = ["A. Uthor".freeze]
  s.bindir = "exe".freeze
  s.date = "2026-01-02"
  s.description = "Two\\nlines".freeze
  s.executables = ["demo".freeze]
  s.licenses = ["MIT".freeze]
  s.required_ruby_version = Gem::Requirement.new(">= 2.7".freeze)
  s.rubygems_version = "3.6.7".freeze
  s.summary = "A \\"library\\" of \\#{things} \\u2013 \\u00E9".freeze

  s.specification_version = 4

  s.add_runtime_dependency("rack".freeze, ["~> 3.0".freeze, ">= 3.0.1".freeze])
end
`)
    expect(text(bundlerSettings('/app').content)).toContain('BUNDLE_PATH: "vendor/bundle"')
  })

  it.each([
    [
      'that has to be compiled',
      sampleGem(sampleMetadata('extensions:\n- ext/demo/extconf.rb\n'), {}),
      'extensions that have to be compiled: ext/demo/extconf.rb',
    ],
    [
      'of another name',
      sampleGem(sampleMetadata(undefined, 'other'), {}),
      'expected demo-1.2.0, found other-1.2.0',
    ],
    [
      'with a program of an odd name',
      sampleGem(sampleMetadata("executables:\n- ../x'\n"), {}),
      'its metadata cannot be read',
    ],
    [
      'with a link out of it',
      sampleGem(sampleMetadata(), { a: { target: '../../x' } }),
      'leads out of the gem',
    ],
    ['with metadata that is none', sampleGem('- [', {}), 'its metadata cannot be read'],
    ['that is none', Buffer.alloc(1024), 'expected metadata.gz and data.tar.gz'],
  ])('%s is refused', async (_, bytes, message) => {
    await expect(installGem(bytes, about)).rejects.toThrow(message)
  })

  it('writes texts as Ruby does', () => {
    expect(rubyString('a"b\\\n\t\x01#{x} #$y # é 😀')).toBe(
      '"a\\"b\\\\\\n\\t\\x01\\#{x} \\#$y # \\u00E9 \\u{1F600}".freeze',
    )
  })
})

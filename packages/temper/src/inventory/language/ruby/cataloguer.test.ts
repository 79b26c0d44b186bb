import { expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../fixtures/sample.ts'
import { rubyCataloguer } from './cataloguer.ts'

const gemspec = `# -*- encoding: utf-8 -*-
# stub: nokogiri 1.15.4 x86_64-linux lib

Gem::Specification.new do |s|
  s.name = "nokogiri".freeze
  s.version = "1.15.4"
  s.platform = Gem::Platform.new("x86_64-linux".freeze)
  s.authors = ["Mike".freeze, "Other".freeze]
  s.licenses = ["MIT".freeze, "Ruby".freeze]
  s.add_runtime_dependency(%q<racc>.freeze, ["~> 1.4"])
  s.add_dependency("rack", [">= 0"])
  s.add_development_dependency(%q<rake>.freeze, [">= 0"])
end
`

test('installed gems', async () => {
  const home = 'usr/lib/ruby/gems/3.2.0'
  const catalogued = await catalogueFiles(rubyCataloguer, {
    [`${home}/specifications/nokogiri-1.15.4-x86_64-linux.gemspec`]: gemspec,
    [`${home}/specifications/default/racc-1.7.gemspec`]:
      "Gem::Specification.new { |s|\n  s.name = 'racc'\n  s.version = Gem::Version.new('1.7')\n}\n",
    [`${home}/gems/rack-2.2/rack.gemspec`]: gemspec,
    [`${home}/gems/rack-2.2/Gemfile.lock`]: 'GEM\n  specs:\n    a (1.0)\n',
  })
  expect(namesOf(catalogued)).toEqual(['nokogiri 1.15.4', 'racc 1.7'])
  expect(catalogued.components.find(({ name }) => name === 'nokogiri')).toMatchObject({
    licence: 'MIT OR Ruby',
    supplier: 'Mike',
    purl: 'pkg:gem/nokogiri@1.15.4?platform=x86_64-linux',
    dependsOn: ['pkg:gem/racc@1.7'],
  })
})

test('Gemfile.lock: all but the own parts', async () => {
  const lock = `GIT
  remote: http://mirror.example/a.git
  specs:
    from-git (1.0)

PATH
  remote: .
  specs:
    mine (0.1)

GEM
  remote: http://mirror.example/
  specs:
    nokogiri (1.15.4-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.1)

PLATFORMS
  ruby

DEPENDENCIES
  nokogiri (= 9)

BUNDLED WITH
   2.4.1
`
  const catalogued = await catalogueFiles(rubyCataloguer, { 'app/Gemfile.lock': lock })
  expect(namesOf(catalogued)).toEqual(['from-git 1.0', 'nokogiri 1.15.4', 'racc 1.7.1'])
  expect(catalogued.components[1]?.purl).toBe('pkg:gem/nokogiri@1.15.4?platform=x86_64-linux')
})

test('gems that Bundler took from repositories: by their description, else by the lock', async () => {
  const home = 'usr/local/bundle/ruby/3.3.0'
  const revision = 'a'.repeat(40)
  const lock = `GIT
  remote: https://example.org/tool.git
  revision: ${revision}
  specs:
    tool (1.2.3)
      rack (>= 2)
    gone (0.1)

GEM
  remote: https://rubygems.example/
  specs:
    rack (2.2.3)
    rake (13.0.0)
`
  const catalogued = await catalogueFiles(rubyCataloguer, {
    'app/Gemfile.lock': lock,
    [`${home}/bundler/gems/tool-${'a'.repeat(12)}/tool.gemspec`]:
      "Gem::Specification.new do |s|\n  s.name = 'tool'\n  s.version = Tool::VERSION\nend\n",
    [`${home}/bundler/gems/mono-${'b'.repeat(12)}/part/part.gemspec`]:
      "Gem::Specification.new do |s|\n  s.name = 'part'\n  s.version = '4.5'\nend\n",
    [`${home}/specifications/rack-2.2.3.gemspec`]: "  s.name = 'rack'\n  s.version = '2.2.3'\n",
    [`${home}/specifications/rake-13.0.0.gemspec`]: "  s.name = 'rake'\n  s.version = '13.0.0'\n",
    'srv/tool/tool.gemspec': "  s.name = 'other'\n  s.version = '1'\n",
  })
  expect(namesOf(catalogued)).toEqual(['part 4.5', 'rack 2.2.3', 'rake 13.0.0', 'tool 1.2.3'])
  expect(catalogued.components.find(({ name }) => name === 'tool')).toMatchObject({
    purl: `pkg:gem/tool@1.2.3?vcs_url=git%2Bhttps:%2F%2Fexample.org%2Ftool.git%40${revision}`,
    locations: [{ path: 'app/Gemfile.lock' }],
  })
  expect(catalogued.notes.map(({ code }) => code)).toEqual(['lock-passed-over'])
})

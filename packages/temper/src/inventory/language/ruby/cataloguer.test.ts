import { expect, test } from 'vitest'
import { catalogueFiles, namesOf } from '../sample.ts'
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
  const found = await catalogueFiles(rubyCataloguer, {
    [`${home}/specifications/nokogiri-1.15.4-x86_64-linux.gemspec`]: gemspec,
    [`${home}/specifications/default/racc-1.7.gemspec`]:
      "Gem::Specification.new { |s|\n  s.name = 'racc'\n  s.version = Gem::Version.new('1.7')\n}\n",
    [`${home}/gems/rack-2.2/rack.gemspec`]: gemspec,
    [`${home}/gems/rack-2.2/Gemfile.lock`]: 'GEM\n  specs:\n    a (1.0)\n',
  })
  expect(namesOf(found)).toEqual(['nokogiri 1.15.4', 'racc 1.7'])
  expect(found.components.find(({ name }) => name === 'nokogiri')).toMatchObject({
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
  const found = await catalogueFiles(rubyCataloguer, { 'app/Gemfile.lock': lock })
  expect(namesOf(found)).toEqual(['from-git 1.0', 'nokogiri 1.15.4', 'racc 1.7.1'])
  expect(found.components[1]?.purl).toBe('pkg:gem/nokogiri@1.15.4?platform=x86_64-linux')
})

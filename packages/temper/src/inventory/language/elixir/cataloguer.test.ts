import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { hexCataloguer } from './cataloguer.ts'

const digest = 'a'.repeat(64)

test('reads the lock of Mix', async () => {
  const found = await catalogueFiles(hexCataloguer, {
    'mix.lock': `%{
  "plug": {:hex, :plug, "1.15.3", "${digest}", [:mix], [{:mime, "~> 1.0 or ~> 2.0", [hex: :mime, repo: "hexpm", optional: false]}], "hexpm", "${digest}"},
  "renamed": {:hex, :"other-name", "2.0.0-rc.1", "${digest}", [:rebar3], [], "hexpm", "${digest}"},
  "old": {:hex, :old, "0.1.0"},
  "forked": {:git, "https://github.com/o/forked.git", "13f7b7811487035b252eca0b1c1dbbfec2ac8f51", [depth: 1]},
}
`,
    'deps/plug/mix.lock': '%{}\n',
  })
  expect(found.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:hex/old@0.1.0',
    'pkg:hex/other-name@2.0.0-rc.1',
    'pkg:hex/plug@1.15.3',
  ])
  expect(found.notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'version-unknown: 1 of the dependencies are commits of repositories, which have no version: they were compared with nothing',
  ])
})

test('reads the lock of Rebar3', async () => {
  const found = await catalogueFiles(hexCataloguer, {
    'rebar.lock': `{"1.2.0",
[{<<"cowboy">>,{pkg,<<"cowboy">>,<<"2.9.0">>},0},
 {<<"cowlib">>,{pkg,<<"cowlib">>,<<"2.11.0">>},1},
 {<<"jsx">>,
  {git,"https://github.com/talentdeficit/jsx.git",
       {ref,"${'b'.repeat(40)}"}},
  0}]}.
[
{pkg_hash,[
 {<<"cowboy">>, <<"${digest}">>},
 {<<"cowlib">>, <<"${digest}">>}]}
].
`,
  })
  expect(found.components.map(({ purl }) => purl)).toEqual(['pkg:hex/cowboy@2.9.0', 'pkg:hex/cowlib@2.11.0'])
  expect(found.notes.map(({ code }) => code)).toEqual(['version-unknown'])
})

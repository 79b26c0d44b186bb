import { expect, test } from 'vitest'
import { catalogueFiles } from '../fixtures/sample.ts'
import { hexCataloguer, otpCataloguer } from './cataloguer.ts'

const digest = 'a'.repeat(64)

test('reads the lock of Mix', async () => {
  const catalogued = await catalogueFiles(hexCataloguer, {
    'mix.lock': `%{
  "plug": {:hex, :plug, "1.15.3", "${digest}", [:mix], [{:mime, "~> 1.0 or ~> 2.0", [hex: :mime, repo: "hexpm", optional: false]}], "hexpm", "${digest}"},
  "renamed": {:hex, :"other-name", "2.0.0-rc.1", "${digest}", [:rebar3], [], "hexpm", "${digest}"},
  "old": {:hex, :old, "0.1.0"},
  "forked": {:git, "https://github.com/o/forked.git", "13f7b7811487035b252eca0b1c1dbbfec2ac8f51", [depth: 1]},
}
`,
    'deps/plug/mix.lock': '%{}\n',
  })
  expect(catalogued.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:hex/old@0.1.0',
    'pkg:hex/other-name@2.0.0-rc.1',
    'pkg:hex/plug@1.15.3',
  ])
  expect(catalogued.notes.map(({ code, message }) => `${code}: ${message}`)).toEqual([
    'version-unknown: 1 of the dependencies are commits of repositories, which have no version: they were compared with nothing',
  ])
})

test('reads the lock of Rebar3', async () => {
  const catalogued = await catalogueFiles(hexCataloguer, {
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
  expect(catalogued.components.map(({ purl }) => purl)).toEqual([
    'pkg:hex/cowboy@2.9.0',
    'pkg:hex/cowlib@2.11.0',
  ])
  expect(catalogued.notes.map(({ code }) => code)).toEqual(['version-unknown'])
})

/* As `mix release` writes it. */
const release = {
  'app/lib/phoenix-1.7.14/ebin/phoenix.app': `{application,phoenix,
             [{modules,['Elixir.Phoenix']},
              {optional_applications,[jason]},
              {applications,[kernel,stdlib,elixir,logger,plug,jason]},
              {description,"Peace of mind from prototype to production"},
              {registered,[]},
              {vsn,"1.7.14"}]}.
`,
  'app/lib/plug-1.16.1/ebin/plug.app':
    '{application,plug,[{vsn,"1.16.1"},{applications,[kernel,stdlib,mime]}]}.\n',
  'app/lib/ssl-11.2.1/ebin/ssl.app': `%% This is an -*- erlang -*- file.
%%
{application, ssl,
 [{description, "Erlang/OTP SSL application"},
  {vsn, "11.2.1"},
  {applications, [crypto, public_key, kernel, stdlib]},
  {runtime_dependencies, ["stdlib-6.0", "kernel-9.0"]}]}.
`,
  'app/lib/own@thing-0.1.0/ebin/thing.app': '{application,\'own@thing\',[{vsn,"0.1.0"}]}.\n',
  'app/lib/no/ebin/no.app': '{application,no,[{description,"without a version"}]}.\n',
  'app/lib/other/ebin/other.app': '<plist></plist>',
}

test('reads the applications of a release, whose lock says nothing more', async () => {
  const catalogued = await catalogueFiles(hexCataloguer, {
    ...release,
    'app/mix.lock': `%{ "plug": {:hex, :plug, "1.15.3", "${digest}", [:mix], []} }\n`,
  })
  expect(catalogued.components.map(({ purl }) => purl).sort()).toEqual([
    'pkg:hex/own%40thing@0.1.0',
    'pkg:hex/phoenix@1.7.14',
    'pkg:hex/plug@1.16.1',
  ])
  expect(catalogued.components.find(({ name }) => name === 'phoenix')?.dependsOn).toEqual([
    'pkg:hex/plug@1.16.1',
  ])
})

test('tells what comes with Erlang/OTP from packages of Hex', async () => {
  const catalogued = await catalogueFiles(otpCataloguer, release)
  expect(catalogued.components.map(({ type, purl }) => [type, purl])).toEqual([
    ['generic', 'pkg:otp/ssl@11.2.1'],
  ])
})

import { expect, it } from 'vitest'
import { sampleRecipe } from '../../assemble/fixtures/sample.ts'
import { requestsOf } from './requests.ts'

const debian = { localePackage: 'locales-all' }
const asked = (
  fields: Parameters<typeof sampleRecipe>[0],
  distro: Parameters<typeof requestsOf>[1] = debian,
) => requestsOf(sampleRecipe(fields), distro).map(({ name, excluded }) => `${excluded ? '!' : ''}${name}`)
const contents = (...names: string[]) => ({
  contents: {
    packages: names.map((name) => ({ name: name.replace('!', ''), excluded: name.startsWith('!') })),
    repositories: [],
    keyring: [],
    files: [],
  },
})

it('adds the package of locales when one has to be compiled and nobody asks for it', () => {
  expect(asked({ ...contents('app'), locales: ['de_DE.UTF-8'] })).toEqual(['app', 'locales-all'])
  expect(asked({ ...contents('locales-all'), locales: ['de_DE.UTF-8'] })).toEqual(['locales-all'])
  expect(asked({ ...contents('app', 'locales-all'), locales: ['de_DE.UTF-8'] })).toEqual([
    'app',
    'locales-all',
  ])
  expect(asked({ ...contents('app'), locales: ['C.UTF-8'] })).toEqual(['app'])
  expect(asked(contents('app'))).toEqual(['app'])
})

it('keeps out what the recipe does without', () => {
  const { contents: made } = contents('app')
  expect(asked({ contents: { ...made, without: ['perl'] } })).toEqual(['app', '!perl'])
})

it('says where a C library has none to compile', () => {
  expect(() => asked({ locales: ['de_DE.UTF-8'] }, {})).toThrow(
    expect.objectContaining({ code: 'bad-recipe', hint: expect.stringContaining('LANG') }),
  )
  expect(asked({ ...contents('app'), locales: ['C.UTF-8'] }, {})).toEqual(['app'])
})

it('adds the package with the FIPS module where it is asked for, and says where there is none', () => {
  const distro = { ...debian, fipsPackage: 'openssl-provider-fips' }
  expect(asked({ ...contents('app'), fips: true }, distro)).toEqual(['app', 'openssl-provider-fips'])
  expect(asked({ ...contents('openssl-provider-fips'), fips: true }, distro)).toEqual([
    'openssl-provider-fips',
  ])
  expect(asked(contents('app'), distro)).toEqual(['app'])
  expect(() => asked({ fips: true })).toThrow(
    expect.objectContaining({ code: 'bad-recipe', hint: expect.stringContaining('Debian 13') }),
  )
})

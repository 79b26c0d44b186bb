import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { settingsSchema } from '../src/settings.ts'
import { type SettingsSources, settingsFrom } from '../src/settings-sources.ts'

const file = (value: unknown) => ({ path: '/etc/temper/config.yaml', line: 7, value })
const from = (sources: Partial<SettingsSources>) => settingsFrom({ environment: {}, given: {}, ...sources })
const keyless = { identity: 'me', issuer: 'https://ci.example', 'identity-token-file': 'token' }
const quotas = (bytes: unknown) => ({ rules: { quotas: [{ project: 'team', bytes }] } })

describe('settings of the service', () => {
  it('come from a file, from variables over it, and from whoever starts it over both', () => {
    const settings = from({
      file: file({ port: 1, host: '0.0.0.0', 'known-as': 'a.example', data: 'kept', ...quotas('2 GB') }),
      environment: {
        TEMPER_SERVICE__PORT: '2',
        TEMPER_SERVICE__KNOWN_AS: 'b.example',
        TEMPER_SERVICE__LOG: '',
      },
      given: { port: 3 },
    })
    expect(settings).toMatchObject({
      port: 3,
      host: '0.0.0.0',
      knownAs: 'b.example',
      data: '/etc/temper/kept',
      log: 'none',
      ...quotas(2_000_000_000),
    })
  })

  it('of lists come from variables as JSON', () => {
    const rules = JSON.stringify([{ project: '*', tags: ['v*'] }])
    expect(from({ environment: { TEMPER_SERVICE__RULES__IMMUTABLE: rules } }).rules.immutable).toEqual([
      { project: '*', tags: ['v*'] },
    ])
  })

  it('of who signs name files relative to theirs', () => {
    const { factory } = from({
      file: file({
        factory: {
          program: ['temper'],
          keyless,
          'trusted-root-file': 'root.json',
          'earlier-key-files': ['old.pub'],
          'earlier-identities': [{ identity: 'before', issuer: 'https://ci.example' }],
        },
      }),
    })
    expect(factory).toMatchObject({
      keyless: { identity: 'me', issuer: 'https://ci.example', identityTokenFile: '/etc/temper/token' },
      trustedRootFile: '/etc/temper/root.json',
      earlierKeyFiles: ['/etc/temper/old.pub'],
      earlierIdentities: [{ identity: 'before', issuer: 'https://ci.example' }],
    })
  })

  it('say no to a factory for good', () => {
    const given = { factory: { program: ['temper'] } }
    expect(from({ given }).factory).toMatchObject({ builds: 2 })
    expect(from({ file: file({ factory: false }), given }).factory).toBeUndefined()
    expect(from({ file: file({ factory: { builds: 4 } }), given }).factory).toMatchObject({ builds: 4 })
  })

  it.each([
    ['a misspelt one', { file: file({ prot: 1 }) }, /config\.yaml:7: service\.prot: .*known here are .*port/],
    ['one within', { file: file({ rules: { quota: [] } }) }, /service\.rules\.quota: .*immutable, quotas/],
    [
      'a wrong value',
      { file: file(quotas('many')) },
      /config\.yaml:7: service\.rules\.quotas\.0\.bytes: expected bytes/,
    ],
    ['a variable', { environment: { TEMPER_SERVICE__PORT: 'x' } }, /^TEMPER_SERVICE__PORT: .*expected/],
    [
      'an unknown variable',
      { environment: { TEMPER_SERVICE__COLOUR: 'x' } },
      /^TEMPER_SERVICE__COLOUR: there is no/,
    ],
    ['what is given', { given: { port: -1 } }, /^port: /],
    [
      'a key of a file and of a command',
      { file: file({ factory: { program: ['x'], 'key-file': 'a', 'key-command': 'b' } }) },
      /config\.yaml:7: service\.factory\.key-command: .*expected factory\.key-file or factory\.key-command, found both/,
    ],
    [
      'a key and an identity',
      {
        file: file({ factory: { program: ['x'], 'key-file': 'a' } }),
        environment: { TEMPER_SERVICE__FACTORY__KEYLESS: JSON.stringify(keyless) },
      },
      /^TEMPER_SERVICE__FACTORY__KEYLESS: .*expected factory\.key-file or factory\.keyless, found both/,
    ],
    [
      'a command and an identity',
      { file: file({ factory: { program: ['x'], 'key-command': 'a', keyless } }) },
      /service\.factory\.keyless: .*factory\.key-command or factory\.keyless, found both/,
    ],
    [
      'an identity of nobody',
      { file: file({ factory: { program: ['x'], keyless: { ...keyless, issuer: undefined } } }) },
      /^\/etc\/temper\/config\.yaml:7: service\.factory\.keyless\.issuer: /,
    ],
    [
      'an authority that a token would be shown to without TLS',
      {
        file: file({ factory: { program: ['x'], keyless: { ...keyless, fulcio: 'http://fulcio.example' } } }),
      },
      /service\.factory\.keyless\.fulcio: expected an https address/,
    ],
    [
      'an earlier identity without its issuer',
      { file: file({ factory: { program: ['x'], 'earlier-identities': [{ identity: 'me' }] } }) },
      /config\.yaml:7: service\.factory\.earlier-identities\.0\.issuer: is missing: expected string/,
    ],
    [
      'a replica without its address',
      { file: file({ replicas: [{ projects: ['*'] }] }) },
      /config\.yaml:7: service\.replicas\.0\.\S+: is missing: expected/,
    ],
    [
      'what a variable leaves out',
      { environment: { TEMPER_SERVICE__PROXIES: '[{"project":"hub"}]' } },
      /^TEMPER_SERVICE__PROXIES: 0\.from: is missing: expected string/,
    ],
    [
      'what a variable leaves out of a section of the file',
      {
        file: file({ factory: { program: ['x'] } }),
        environment: { TEMPER_SERVICE__FACTORY__KEYLESS__IDENTITY: 'me' },
      },
      /^TEMPER_SERVICE__FACTORY__KEYLESS.*: is missing: expected string|config\.yaml:7: service\.factory\.keyless/,
    ],
    ['no settings at all', { file: file([]) }, /expected settings/],
  ])('are refused with %s, which is named', (_, sources, message) => {
    expect(() => from(sources)).toThrow(message)
    expect(() => from(sources)).toThrow(expect.objectContaining({ code: 'bad-configuration' }))
  })

  it('are all on their page', async () => {
    const page = await readFile(new URL('../../../docs/reference/service.md', import.meta.url), 'utf8')
    const missing = namesIn(z.toJSONSchema(settingsSchema, { io: 'input', unrepresentable: 'any' })).filter(
      (name) => !page.includes(`\`${name}\``),
    )
    // What only the command that starts it can know.
    const commands = ['configuration.path', 'configuration.text'].map((name) => `factory.${name}`)
    expect(missing).toEqual(['log', 'factory.program', 'factory.environment', ...commands])
  })
})

interface Described {
  readonly properties?: Readonly<Record<string, Described>>
  readonly items?: Described
}

/** Full names of settings, those in lists below the name of the list. */
function namesIn(schema: unknown, prefix = ''): readonly string[] {
  const { properties, items } = schema as Described
  if (items !== undefined) return namesIn(items, prefix)
  if (properties === undefined) return prefix === '' ? [] : [prefix]
  return Object.entries(properties).flatMap(([name, each]) => {
    const own = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
    return namesIn(each, prefix === '' ? own : `${prefix}.${own}`)
  })
}

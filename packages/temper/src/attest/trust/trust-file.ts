import { parseAge } from '../../base/age.ts'
import { TemperError } from '../../base/error.ts'
import { glob } from '../../base/glob.ts'
import type { TrustedIdentity } from '../../model/attestation.ts'
import { normalName } from '../../model/repository-name.ts'
import { wantedType } from '../statement/predicate-type.ts'
import { type IdentityPattern, trustedIdentity } from './identity.ts'

/** What a trust file says; see docs/reference/trust-file.md. */
export interface TrustFile {
  /** Path of the trusted root, as written. */
  readonly trustedRoot?: string
  /** Name → path of a public key, as written, or the key itself in PEM. */
  readonly keys: ReadonlyMap<string, string>
  readonly identities: ReadonlyMap<string, TrustedIdentity & IdentityPattern>
  /** The rules; the first one whose pattern matches an image decides. */
  readonly rules: readonly TrustRule[]
}

export interface TrustRule {
  /** Patterns of repositories ("registry.example/team/*"). */
  readonly images: readonly string[]
  /** Names of keys and identities, of which one has to have signed. */
  readonly signedBy: readonly string[]
  readonly require: readonly TrustRequirement[]
  /** Milliseconds. */
  readonly maxAge?: number
  /** Whether the signer has to have signed the image under its present name. */
  readonly name: boolean
}

export interface TrustRequirement {
  /** Predicate type. */
  readonly type: string
  /** Signers in place of those of the rule. */
  readonly signedBy?: readonly string[]
  /** Maximum age in place of that of the rule, in milliseconds. */
  readonly maxAge?: number
}

const limit = 10_000

/** Checks the parsed content of a trust file. Throws `bad-trust`, which names the setting. */
export function readTrustFile(value: unknown, where: string): TrustFile {
  const top = new Setting(value, where)
  top.only(['version', 'trusted-root', 'keys', 'identities', 'rules'])
  if (top.get('version')?.value !== 1) throw top.fault('expected "version: 1"')
  const trustedRoot = top.get('trusted-root')?.text()
  const keys = new Map(
    top
      .get('keys')
      ?.entries()
      .map(([name, key]) => [name, key.text(65_536)]),
  )
  const identities = new Map(
    top
      .get('identities')
      ?.entries()
      .map(([name, each]) => [name, readIdentity(name, each)]),
  )
  for (const name of identities.keys())
    if (keys.has(name)) throw top.fault(`"${name}" is the name of both a key and an identity`)
  const known = new Set([...keys.keys(), ...identities.keys()])
  const rules =
    top
      .get('rules')
      ?.list('or none')
      .map((each) => readRule(each, known)) ?? []
  return { keys, identities, rules, ...(trustedRoot === undefined ? {} : { trustedRoot }) }
}

/**
 * The rule for an image: the first that matches, or undefined. `name` is "HOST/REPOSITORY", or "oci:PATH", in any
 * form; relative paths, also those of patterns, start from `folder`.
 */
export function ruleFor(file: TrustFile, name: string, folder?: string): TrustRule | undefined {
  const wanted = normalName(name, folder)
  return file.rules.find(({ images }) => images.some((pattern) => glob(normalName(pattern, folder))(wanted)))
}

function readIdentity(name: string, setting: Setting): TrustedIdentity & IdentityPattern {
  setting.only(['identity', 'identity-regexp', 'issuer', 'issuer-regexp'])
  const of = (text: string) => setting.get(text)?.text()
  const [identity, identityRegexp] = [of('identity'), of('identity-regexp')]
  const [issuer, issuerRegexp] = [of('issuer'), of('issuer-regexp')]
  const pattern = {
    ...(identity === undefined ? {} : { identity }),
    ...(identityRegexp === undefined ? {} : { identityRegexp }),
    ...(issuer === undefined ? {} : { issuer }),
    ...(issuerRegexp === undefined ? {} : { issuerRegexp }),
  }
  return { ...pattern, ...setting.understood(() => trustedIdentity(pattern, name)) }
}

function readRule(setting: Setting, known: ReadonlySet<string>): TrustRule {
  setting.only(['images', 'signed-by', 'require', 'max-age', 'name'])
  const signedBy = readNames(setting.needed('signed-by'), known)
  const images = setting.needed('images').texts()
  const maxAge = setting.get('max-age')?.age()
  const require =
    setting
      .get('require')
      ?.list()
      .map((each) => readRequirement(each, known)) ?? []
  const name = setting.get('name')
  if (name !== undefined && name.value !== 'required') throw name.fault('expected "required"')
  return {
    images,
    signedBy,
    require: require.length === 0 ? [{ type: wantedType('signature') }] : require,
    name: name !== undefined,
    ...(maxAge === undefined ? {} : { maxAge }),
  }
}

function readRequirement(setting: Setting, known: ReadonlySet<string>): TrustRequirement {
  if (typeof setting.value === 'string') return { type: setting.understood(() => wantedType(setting.text())) }
  setting.only(['type', 'signed-by', 'max-age'])
  const type = setting.needed('type')
  const signedBy = setting.get('signed-by')
  const maxAge = setting.get('max-age')?.age()
  return {
    type: type.understood(() => wantedType(type.text())),
    ...(signedBy === undefined ? {} : { signedBy: readNames(signedBy, known) }),
    ...(maxAge === undefined ? {} : { maxAge }),
  }
}

function readNames(setting: Setting, known: ReadonlySet<string>): readonly string[] {
  const names = setting.texts()
  for (const name of names)
    if (!known.has(name)) throw setting.fault(`there is no key or identity "${name.slice(0, 80)}"`)
  return names
}

/** A value of the file, with the path by which errors name it. */
class Setting {
  readonly value: unknown
  readonly #path: string

  constructor(value: unknown, path: string) {
    this.value = value
    this.#path = path
  }

  fault(what: string): TemperError {
    return new TemperError('bad-trust', `${this.#path}: ${what}`, {
      hint: 'docs/reference/trust-file.md says what a trust file may hold.',
    })
  }

  understood<T>(read: () => T): T {
    try {
      return read()
    } catch (error) {
      if (error instanceof TemperError) throw this.fault(error.message)
      throw error
    }
  }

  /** A member, or undefined when it is not there. */
  get(name: string): Setting | undefined {
    const members = this.#members()
    return Object.hasOwn(members, name) ? new Setting(members[name], `${this.#path}, ${name}`) : undefined
  }

  needed(name: string): Setting {
    const setting = this.get(name)
    if (setting === undefined) throw this.fault(`"${name}" is missing`)
    return setting
  }

  only(names: readonly string[]): void {
    const unknown = Object.keys(this.#members()).find((name) => !names.includes(name))
    if (unknown !== undefined)
      throw this.fault(`unknown setting "${unknown.slice(0, 80)}"; the known ones are ${names.join(', ')}`)
  }

  entries(): readonly (readonly [string, Setting])[] {
    const entries = Object.entries(this.#members())
    if (entries.length > limit) throw this.fault(`more than ${limit} members`)
    return entries.map(([name, value]) => [name, new Setting(value, `${this.#path}, ${name}`)])
  }

  list(least?: 'or none'): readonly Setting[] {
    const { value } = this
    const tooFew = Array.isArray(value) && value.length === 0 && least === undefined
    if (!Array.isArray(value) || tooFew || value.length > limit)
      throw this.fault(`expected a list of 1 to ${limit}`)
    return value.map((each, i) => new Setting(each, `${this.#path} ${i + 1}`))
  }

  texts(): readonly string[] {
    return typeof this.value === 'string' ? [this.text()] : this.list().map((each) => each.text())
  }

  text(most = 1000): string {
    const { value } = this
    if (typeof value === 'string' && value !== '' && value.length <= most) return value
    throw this.fault(`expected text of 1 to ${most} characters`)
  }

  age(): number {
    return this.understood(() => parseAge(this.text()))
  }

  #members(): Readonly<Record<string, unknown>> {
    const { value } = this
    if (value !== null && typeof value === 'object' && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>
    throw this.fault('expected settings as "name: value"')
  }
}

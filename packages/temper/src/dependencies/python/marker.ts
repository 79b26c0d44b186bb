import { TemperError } from '../../base/error.ts'
import { compareVersions, isVersion } from '../../formats/version/compare.ts'
import { machines, type PythonEnvironment } from './environment.ts'
import { normalisedName } from './tags.ts'

type Token =
  | { readonly kind: 'text' | 'variable'; readonly text: string }
  | { readonly kind: 'operator' | 'word' | 'parenthesis'; readonly text: string }

/** Characters of a marker, and how deep its parentheses go. */
const limits = { length: 4096, depth: 32 }

/**
 * Whether an environment marker holds (PyPA, "Dependency specifiers"): `python_version < "3.9" and extra == "x"`. Throws
 * `bad-recipe` for what is no marker.
 */
export function holdsMarker(
  text: string,
  environment: PythonEnvironment,
  options: {
    readonly extras?: ReadonlySet<string>
    /** Groups of dependencies that are wanted, for locks that may ask for them. */
    readonly groups?: ReadonlySet<string>
    readonly where: string
  },
): boolean {
  const { where, extras = new Set(), groups = new Set() } = options
  if (text.length > limits.length) throw notMarker(text, where)
  const parser = new MarkerParser(tokensOf(text, where), {
    fail: () => notMarker(text, where),
    values: valuesOf(environment),
    extras: new Set([...extras].map(normalisedName)),
    groups: new Set([...groups].map(normalisedName)),
  })
  return parser.whole()
}

function valuesOf({ version, minor, architecture }: PythonEnvironment): ReadonlyMap<string, string> {
  return new Map([
    ['os_name', 'posix'],
    ['sys_platform', 'linux'],
    ['platform_machine', machines[architecture]],
    ['platform_python_implementation', 'CPython'],
    ['platform_release', ''],
    ['platform_system', 'Linux'],
    ['platform_version', ''],
    ['python_version', `3.${minor}`],
    ['python_full_version', version],
    ['implementation_name', 'cpython'],
    ['implementation_version', version],
  ])
}

/** Names that PEP 345 had for variables, which specifiers may still use. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['os.name', 'os_name'],
  ['sys.platform', 'sys_platform'],
  ['platform.version', 'platform_version'],
  ['platform.machine', 'platform_machine'],
  ['platform.python_implementation', 'platform_python_implementation'],
  ['python_implementation', 'platform_python_implementation'],
])

function tokensOf(text: string, where: string): readonly Token[] {
  const tokens: Token[] = []
  const pattern = /\s*(?:([()])|(<=|>=|===|==|~=|!=|<|>)|'([^']*)'|"([^"]*)"|([A-Za-z_.]+))/y
  const end = text.trimEnd().length
  while (pattern.lastIndex < end) {
    const match = pattern.exec(text)
    if (match === null) throw notMarker(text, where)
    const [, parenthesis, operator, single, double, word] = match
    if (parenthesis !== undefined) tokens.push({ kind: 'parenthesis', text: parenthesis })
    else if (operator !== undefined) tokens.push({ kind: 'operator', text: operator })
    else if (word === undefined) tokens.push({ kind: 'text', text: single ?? double ?? '' })
    else if (['and', 'or', 'in', 'not'].includes(word)) tokens.push({ kind: 'word', text: word })
    else tokens.push({ kind: 'variable', text: word })
  }
  return tokens
}

interface MarkerWorld {
  readonly fail: () => TemperError
  readonly values: ReadonlyMap<string, string>
  readonly extras: ReadonlySet<string>
  readonly groups: ReadonlySet<string>
}

class MarkerParser {
  readonly #tokens: readonly Token[]
  readonly #world: MarkerWorld
  #at = 0
  #depth = 0

  constructor(tokens: readonly Token[], world: MarkerWorld) {
    this.#tokens = tokens
    this.#world = world
  }

  whole(): boolean {
    const result = this.#or()
    if (this.#at < this.#tokens.length) throw this.#world.fail()
    return result
  }

  #or(): boolean {
    let result = this.#and()
    while (this.#takes('or')) result = this.#and() || result
    return result
  }

  #and(): boolean {
    let result = this.#comparison()
    while (this.#takes('and')) result = this.#comparison() && result
    return result
  }

  #takes(text: string): boolean {
    const token = this.#tokens[this.#at]
    if (token?.text !== text || token.kind === 'text') return false
    this.#at++
    return true
  }

  #comparison(): boolean {
    if (this.#takes('(')) {
      if (++this.#depth > limits.depth) throw this.#world.fail()
      const inner = this.#or()
      if (!this.#takes(')')) throw this.#world.fail()
      this.#depth--
      return inner
    }
    const left = this.#tokens[this.#at++]
    const operator = this.#operator()
    const right = this.#tokens[this.#at++]
    if (left === undefined || right === undefined) throw this.#world.fail()
    const variable = [left, right].find(({ kind }) => kind === 'variable')?.text
    const wanted = /^extras?$/.test(variable ?? '')
      ? this.#world.extras
      : variable === 'dependency_groups'
        ? this.#world.groups
        : undefined
    if (wanted !== undefined) {
      const name = left.kind === 'text' ? left.text : right.text
      return wanted.has(normalisedName(name)) === (operator === '==' || operator === 'in')
    }
    return compare(this.#value(left), operator, this.#value(right))
  }

  #operator(): string {
    const token = this.#tokens[this.#at++]
    if (token?.kind === 'operator') return token.text
    if (token?.text === 'in' && token.kind === 'word') return 'in'
    if (token?.text === 'not' && token.kind === 'word' && this.#takes('in')) return 'not in'
    throw this.#world.fail()
  }

  #value({ kind, text }: Token): string {
    if (kind === 'text') return text
    const value = kind === 'variable' ? this.#world.values.get(aliases.get(text) ?? text) : undefined
    if (value === undefined) throw this.#world.fail()
    return value
  }
}

function compare(left: string, operator: string, right: string): boolean {
  if (operator === 'in') return right.includes(left)
  if (operator === 'not in') return !right.includes(left)
  if (operator === '===') return left === right
  const wild = right.endsWith('.*') ? right.slice(0, -2) : undefined
  if (wild !== undefined && (operator === '==' || operator === '!='))
    return (left === wild || left.startsWith(`${wild}.`)) === (operator === '==')
  if (!isVersion('pep440', left) || !isVersion('pep440', right)) {
    // Texts that are no versions compare as texts do in Python.
    return holds(operator, left < right ? -1 : Number(left > right), () => left === right)
  }
  return holds(operator, compareVersions('pep440', left, right), () => {
    // ~= 3.8.1 is >= 3.8.1 and == 3.8.*
    const series = right.split('.').slice(0, -1).join('.')
    return compareVersions('pep440', left, right) >= 0 && (left === series || left.startsWith(`${series}.`))
  })
}

function holds(operator: string, order: number, isCompatible: () => boolean): boolean {
  switch (operator) {
    case '==':
      return order === 0
    case '!=':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
    default:
      return isCompatible()
  }
}

function notMarker(text: string, where: string): TemperError {
  return new TemperError(
    'bad-recipe',
    `${where}: expected an environment marker, found ${JSON.stringify(text.slice(0, 120))}`,
    { hint: 'See "Dependency specifiers" of the PyPA for what a marker may say.' },
  )
}

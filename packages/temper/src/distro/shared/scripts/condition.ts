import type { PathFacts, ScriptWorld, Value } from './world.ts'

/** True, false, or not known. */
type Truth = boolean | undefined

export interface ConditionContext {
  readonly world: ScriptWorld
  /** Turns a path of the script into an absolute one. */
  absolute(path: Value): Value
  /** The user that asks, for `-O` and `-G`; 0 for root. */
  readonly user: { readonly uid: number; readonly gid: number } | undefined
}

/** `test` and `[` (POSIX utilities, test) over words that may be unknown. */
export function evaluateTest(words: readonly Value[], context: ConditionContext): Truth {
  const reader = { words, at: 0, context }
  if (words.length > 200) return undefined
  const result = parseOr(reader)
  return reader.at === words.length ? result : undefined
}

interface Reader {
  readonly words: readonly Value[]
  at: number
  readonly context: ConditionContext
}

function parseOr(reader: Reader): Truth {
  let result = parseAnd(reader)
  while (reader.words[reader.at] === '-o' || reader.words[reader.at] === '||') {
    reader.at++
    const right = parseAnd(reader)
    result =
      result === true || right === true
        ? true
        : result === undefined || right === undefined
          ? undefined
          : false
  }
  return result
}

function parseAnd(reader: Reader): Truth {
  let result = parseTerm(reader)
  while (reader.words[reader.at] === '-a' || reader.words[reader.at] === '&&') {
    reader.at++
    const right = parseTerm(reader)
    result =
      result === false || right === false
        ? false
        : result === undefined || right === undefined
          ? undefined
          : true
  }
  return result
}

const binary = new Set([
  '=',
  '==',
  '!=',
  '-eq',
  '-ne',
  '-gt',
  '-ge',
  '-lt',
  '-le',
  '-nt',
  '-ot',
  '-ef',
  '=~',
  '<',
  '>',
])

function parseTerm(reader: Reader): Truth {
  const { words } = reader
  const left = words.length - reader.at
  if (left <= 0) return false
  const first = words[reader.at]
  const operator = words[reader.at + 1]
  if (left >= 3 && operator !== undefined && binary.has(operator)) {
    reader.at += 3
    return compare(first, operator, words[reader.at - 1])
  }
  if (first === '!' && left > 1) {
    reader.at++
    const result = parseTerm(reader)
    return result === undefined ? undefined : !result
  }
  if (first === '(' && left > 2) {
    reader.at++
    const result = parseOr(reader)
    if (words[reader.at] === ')') reader.at++
    return result
  }
  if (left >= 2 && first !== undefined && /^-[a-zA-Z]$/.test(first)) {
    reader.at += 2
    return unary(first, operator, reader.context)
  }
  reader.at++
  return first === undefined ? undefined : first !== ''
}

function compare(a: Value, operator: string, b: Value): Truth {
  if (a === undefined || b === undefined) return undefined
  switch (operator) {
    case '=':
      return a === b
    case '==':
      return /[*?[]/.test(b) ? undefined : a === b
    case '!=':
      return a !== b
  }
  if (!/^\s*-?\d{1,15}\s*$/.test(a) || !/^\s*-?\d{1,15}\s*$/.test(b)) return undefined
  const [x, y] = [Number(a), Number(b)]
  switch (operator) {
    case '-eq':
      return x === y
    case '-ne':
      return x !== y
    case '-gt':
      return x > y
    case '-ge':
      return x >= y
    case '-lt':
      return x < y
    case '-le':
      return x <= y
    default:
      return undefined
  }
}

function unary(operator: string, operand: Value, context: ConditionContext): Truth {
  if (operator === '-n' || operator === '-z') {
    if (operand === undefined) return undefined
    return (operand === '') === (operator === '-z')
  }
  if (operator === '-t') return false
  if (!'efdLhxrwsSpbcugkOG'.includes(operator.slice(1))) return undefined
  const path = context.absolute(operand)
  if (path === undefined) return undefined
  if (path === '') return false
  const follow = operator !== '-L' && operator !== '-h'
  const facts = context.world.probe(path, { follow })
  if (facts === undefined) return undefined
  return facts === null ? false : holds(operator, facts, context)
}

function holds(operator: string, facts: PathFacts, { user }: ConditionContext): Truth {
  switch (operator) {
    case '-f':
      return facts.type === 'file'
    case '-d':
      return facts.type === 'directory'
    case '-L':
    case '-h':
      return facts.type === 'symlink'
    case '-x':
      return facts.type === 'directory' || (facts.mode & 0o111) !== 0
    case '-s':
      return facts.size > 0
    case '-u':
      return (facts.mode & 0o4000) !== 0
    case '-g':
      return (facts.mode & 0o2000) !== 0
    case '-k':
      return (facts.mode & 0o1000) !== 0
    case '-O':
      return user && facts.uid === user.uid
    case '-G':
      return user && facts.gid === user.gid
    case '-S':
    case '-p':
    case '-b':
    case '-c':
      return facts.type === 'other' ? undefined : false
    default:
      return true
  }
}

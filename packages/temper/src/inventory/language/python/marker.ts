/** Deeper parentheses than anybody writes. */
const depthLimit = 50

const tokens = /\s+|[()]|"[^"]*"|'[^']*'|===?|~=|!=|[<>]=?|[\w.]+/y

/**
 * Whether an environment marker (PEP 508) can hold on some machine where no extra was asked for.
 * Conditions on the machine are taken to hold, and so is text that is not a marker.
 */
export function holdsWithoutExtra(text: string): boolean {
  const reader = new MarkerReader(text.slice(0, 5000))
  const holds = reader.any(0)
  return holds || !reader.isWhole
}

class MarkerReader {
  readonly #words: readonly string[]
  #at = 0
  isWhole = true

  constructor(text: string) {
    const words: string[] = []
    tokens.lastIndex = 0
    for (let at = 0; at < text.length; at = tokens.lastIndex) {
      const word = tokens.exec(text)?.[0]
      if (word === undefined) {
        this.isWhole = false
        break
      }
      if (word.trim() !== '') words.push(word)
    }
    this.#words = words
  }

  any(depth: number): boolean {
    let holds = this.#all(depth)
    while (this.#takes('or')) holds = this.#all(depth) || holds
    if (depth === 0 && this.#at < this.#words.length) this.isWhole = false
    return holds
  }

  #all(depth: number): boolean {
    let holds = this.#one(depth)
    while (this.#takes('and')) holds = this.#one(depth) && holds
    return holds
  }

  #one(depth: number): boolean {
    if (depth < depthLimit && this.#takes('(')) {
      const holds = this.any(depth + 1)
      if (!this.#takes(')')) this.isWhole = false
      return holds
    }
    const [left = '', first = '', second = ''] = this.#words.slice(this.#at)
    const operator = first === 'not' ? 'not in' : first
    const right = first === 'not' ? this.#words[this.#at + 3] : second
    this.#at += first === 'not' ? 4 : 3
    if (right === undefined || right === '') this.isWhole = false
    if (left === 'extra') return compared('', operator, unquoted(right ?? ''))
    if (right === 'extra') return compared(unquoted(left), operator, '')
    return true
  }

  #takes(word: string): boolean {
    const isNext = this.#words[this.#at] === word
    if (isNext) this.#at++
    return isNext
  }
}

function compared(left: string, operator: string, right: string): boolean {
  switch (operator) {
    case '==':
    case '===':
      return left === right
    case 'in':
      return right.includes(left)
    case 'not in':
      return !right.includes(left)
    default:
      return true
  }
}

function unquoted(word: string): string {
  return /^["']/.test(word) ? word.slice(1, -1) : word
}

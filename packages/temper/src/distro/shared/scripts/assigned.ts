import type { Node, Word } from './parse/syntax.ts'
import { namesAssignedIn } from './words/arithmetic-names.ts'

/** Names of variables that a piece of script may assign, including through the functions that it calls. */
export function assignedNames(node: Node, functions: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<string>()
  const queue: Node[] = [node]
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (next.kind === 'for') names.add(next.variable)
    if (next.kind === 'simple') {
      for (const { name } of next.assignments) names.add(name)
      for (const word of [...next.words, ...next.assignments.map(({ value }) => value)])
        for (const name of namesIn(word)) names.add(name)
      const words = next.words.map(([first]) => (first?.kind === 'text' ? first.text : ''))
      if (assigning.has(words[0] ?? ''))
        for (const word of words.slice(1)) names.add(word.replace(/=.*/s, ''))
      const body = functions.get(words[0] ?? '')
      if (body && !seen.has(words[0] ?? '')) {
        seen.add(words[0] ?? '')
        queue.push(body)
      }
    }
    queue.push(...children(next))
  }
  names.delete('')
  return names
}

const assigning = new Set(['read', 'export', 'readonly', 'local', 'declare', 'typeset', 'unset', 'getopts'])

/** What the expansion of a word assigns: `${name:=text}`, `$((name += 1))`. */
function namesIn(word: Word): readonly string[] {
  return word.flatMap((part) => {
    if (part.kind === 'arithmetic') return namesAssignedIn(part.text)
    if (part.kind !== 'parameter') return []
    const inner = namesIn(part.argument)
    return part.operator?.endsWith('=') === true ? [part.name, ...inner] : inner
  })
}

function children(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'sequence':
      return node.items
    case 'pipeline':
      return node.stages
    case 'chain':
      return [node.first, ...node.rest.map((link) => link.node)]
    case 'if':
      return [
        ...node.arms.flatMap((arm) => [arm.condition, arm.body]),
        ...(node.otherwise ? [node.otherwise] : []),
      ]
    case 'case':
      return node.arms.map((arm) => arm.body)
    case 'while':
      return [node.condition, node.body]
    case 'for':
    case 'subshell':
    case 'redirected':
      return [node.body]
    default:
      return []
  }
}

import type { Node } from './parse/syntax.ts'

/** Names of variables that a piece of script may assign, including through the functions that it calls. */
export function assignedNames(node: Node, functions: ReadonlyMap<string, Node>): ReadonlySet<string> {
  const names = new Set<string>()
  const seen = new Set<string>()
  const queue: Node[] = [node]
  for (let next = queue.pop(); next; next = queue.pop()) {
    if (next.kind === 'for') names.add(next.variable)
    if (next.kind === 'simple') {
      for (const { name } of next.assignments) names.add(name)
      const words = next.words.map((word) =>
        word.length === 1 && word[0]?.kind === 'text' ? word[0].text : '',
      )
      if (['read', 'export', 'local', 'unset', 'getopts'].includes(words[0] ?? ''))
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

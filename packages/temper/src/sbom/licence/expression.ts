import parse, { type ExpressionNode, type LicenceNode } from 'spdx-expression-parse'

/** Longer texts are no expressions that anyone means; the parser descends by itself, as deep as there are words. */
const lengthLimit = 16 * 1024
const depthLimit = 50
const wordLimit = 2000

/**
 * Parses an SPDX licence expression (SPDX 2.3, annex D) over the licences that SPDX lists and `LicenseRef-…`;
 * undefined when it is not one.
 */
export function parseExpression(text: string): ExpressionNode | undefined {
  if (text.length > lengthLimit || nesting(text) > depthLimit) return undefined
  if (text.split(/\s+/, wordLimit + 1).length > wordLimit) return undefined
  try {
    return parse(text)
  } catch {
    // The parser throws when it is not one.
    return undefined
  }
}

function nesting(text: string): number {
  let depth = 0
  let deepest = 0
  for (const char of text) {
    if (char === '(') deepest = Math.max(deepest, ++depth)
    else if (char === ')') depth--
  }
  return deepest
}

/** The licences of an expression, from left to right. */
export function* licencesIn(node: ExpressionNode): Generator<LicenceNode, void, void> {
  if ('license' in node) {
    yield node
    return
  }
  yield* licencesIn(node.left)
  yield* licencesIn(node.right)
}

import { type AST, parseRegExpLiteral, visitRegExpAST } from '@eslint-community/regexpp'
import { check } from 'recheck'
import ts from 'typescript'
import { repositoryFiles, syntaxTree } from '../../packages/temper/test/support/source-files.ts'

/** Milliseconds for the analysis of one expression. */
const patience = 120_000

/** Expressions that take more than linear time with some texts, and why that does no harm. */
const reviewed: Readonly<Record<string, string>> = {
  [String.raw`/^META-INF\/(\w+(?:\.\w+)+)_([\w.-]+)\.version$/`]:
    'quadratic over the name of one file, whose length is limited',
  [String.raw`/(?:\.(?:json|ndjson|jsonl|zip|csv|tsv|gz|zst|xz|index|feeds))+$/i`]:
    'quadratic over the name of one file',
  [String.raw`/^macdef[^\n]*\n(?:[^\n]+(?:\n|$))*/gm`]:
    'cannot fail once a macro has begun, and the file is the own one of whoever runs Temper',
}

/** Says of each expression whether a text can make it slow; false when one is that has not been reviewed. */
export async function analyseExpressions(): Promise<boolean> {
  const literals = new Map<string, string>()
  for (const path of repositoryFiles())
    if (/^packages\/[^/]+\/src\/.*\.ts$/.test(path) && !path.endsWith('.test.ts'))
      for (const literal of literalsOf(path)) if (repeatsRepetition(literal)) literals.set(literal, path)
  let good = true
  for (const [literal, path] of literals) {
    const end = literal.lastIndexOf('/')
    const analysis = await check(literal.slice(1, end), literal.slice(end + 1), { timeout: patience })
    if (analysis.status === 'safe') continue
    const verdict = analysis.status === 'vulnerable' ? analysis.complexity.summary : analysis.error.kind
    const reason = verdict === 'exponential' ? undefined : reviewed[literal]
    if (reason === undefined) good = false
    console.log(
      `${reason === undefined ? '✗' : '·'} ${verdict}: ${literal}\n    ${path}${reason === undefined ? '' : `: ${reason}`}`,
    )
  }
  console.log(`${good ? '✓' : '✗'} ${literals.size} expressions with nested repetition`)
  return good
}

function literalsOf(path: string): readonly string[] {
  const literals: string[] = []
  const visit = (node: ts.Node) => {
    if (ts.isRegularExpressionLiteral(node)) literals.push(node.text)
    ts.forEachChild(node, visit)
  }
  visit(syntaxTree(path))
  return literals
}

/** Whether something that is repeated holds a choice or another repetition: only then can time be exponential. */
function repeatsRepetition(literal: string): boolean {
  let depth = 0
  let nested = false
  const isMany = ({ max }: AST.Quantifier) => max > 8
  const enterGroup = ({ alternatives }: AST.Group | AST.CapturingGroup) => {
    if (depth > 0 && alternatives.length > 1) nested = true
  }
  visitRegExpAST(parseRegExpLiteral(literal), {
    onQuantifierEnter: (quantifier) => {
      if (depth > 0 && quantifier.max > quantifier.min) nested = true
      if (isMany(quantifier)) depth++
    },
    onQuantifierLeave: (quantifier) => {
      if (isMany(quantifier)) depth--
    },
    onGroupEnter: enterGroup,
    onCapturingGroupEnter: enterGroup,
  })
  return nested
}

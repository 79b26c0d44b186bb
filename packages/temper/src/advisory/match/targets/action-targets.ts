import { parsePurl } from '../../../formats/purl/purl.ts'
import type { Component } from '../../../model/inventory.ts'
import type { MatchTarget } from './target.ts'

const ecosystem = 'GitHub Actions'
const commit = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/

/**
 * Actions and workflows are looked up by their repository, and by that with their folder. What follows the "@" is a
 * git reference: a tag with a full version counts as that version. "v4" moves from version to version, and a branch
 * or commit may be any version; for these only what applies to all possible versions is reported. The version that a
 * comment gives for a commit may be wrong: it can show a problem, but never that there is none.
 */
export function actionTargets({ name, version, purl }: Component): readonly MatchTarget[] {
  const { subpath, qualifiers } = parsePurl(purl) ?? {}
  const [owner = '', repository = '', ...folder] = name.split('/')
  const root = `${owner}/${repository}`
  const path = [...folder, ...(subpath?.split('/') ?? [])]
  const names = path.length === 0 ? [root] : [root, `${root}/${path.join('/')}`]
  const told = commit.test(version) ? qualifiers?.['comment'] : undefined
  const stands = standsFor(version)
  return names.map((each) => ({
    ecosystem,
    scheme: 'semver',
    name: each,
    ...stands,
    ...(told === undefined
      ? {}
      : {
          told: {
            ...standsFor(told, `${told} (the version that a comment gives for ${shortened(version)})`),
            said: told,
          },
        }),
  }))
}

/** "v4.2.2" is a version; "v4", "4.1" and "4.*.*" (GitHub's dependency graph) any that begins so; else any at all. */
function standsFor(reference: string, shown?: string): Pick<MatchTarget, 'version' | 'shown' | 'among'> {
  const text = reference.replace(/^releases?\//, '')
  if (/^v?\d+\.\d+\.\d+(?![\w*])/.test(text) && !/\.[*x]/.test(text))
    return { version: text, ...(shown === undefined ? {} : { shown }) }
  const [, numbers] = /^v?(\d+(?:\.\d+)?)(?:\.[*x])*$/.exec(text) ?? []
  const every = `every version that ${shown ?? shortened(reference)} may be`
  if (numbers === undefined) return { version: '0', among: {}, shown: every }
  return { version: numbers, among: { from: numbers, below: next(numbers) }, shown: every }
}

/** The first version that does not begin with these numbers: "4" → "5", "4.1" → "4.2". */
function next(numbers: string): string {
  const parts = numbers.split('.')
  const last = String(BigInt(parts.at(-1) ?? '0') + 1n)
  return [...parts.slice(0, -1), last].join('.')
}

/** A commit as git shortens it. */
function shortened(reference: string): string {
  return commit.test(reference) ? `commit ${reference.slice(0, 7)}` : reference
}

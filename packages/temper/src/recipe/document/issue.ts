import type * as z from 'zod'
import { ownMember } from '../../base/own-member.ts'
import { closest } from '../../base/suggestion.ts'
import type { RecipeDocument } from './document.ts'
import type { RecipePath, RecipePlace } from './problem.ts'
import { show } from './problem.ts'

type Issue = z.core.$ZodIssue

/** Keys that other tools have, or that are refused on purpose, with what to do instead. */
const advice: Readonly<Record<string, string>> = {
  shell: 'accounts have no login shell: the image is not logged into',
  password: 'accounts have no passwords: nothing in the image asks for one',
  'password-hash': 'accounts have no passwords: nothing in the image asks for one',
  include: 'write extends: RECIPE',
  'vcs-url': 'write annotations: org.opencontainers.image.source',
  layering: 'write output: {layers: NUMBER}',
  compression: 'write output: {compression: gzip or zstd}',
  build_repositories: 'write contents.repositories',
  builds: 'write steps: each with packages, inputs, run and outputs',
  pipeline: 'write steps: only they run anything, in a sandbox, and the image gets their outputs',
  user: 'write accounts: {run-as: NAME}',
  run: 'write steps: only they run anything, in a sandbox, and the image gets their outputs',
  packages: 'write contents: {packages: […]}',
  files: 'write contents: {files: […]}',
  repositories: 'write contents: {repositories: […]}',
  keyring: 'write contents: {keyring: […]}',
  expose: 'write ports: […]',
  arch: 'write platforms: [linux/amd64]',
  'shell-fragment': 'there is no shell in the image: write the command as a list of words',
  services: 'one container runs one program: write entrypoint as a list of words',
}

/** Adds the issues that the schema reports to the problems, in plain words and at their places. */
export function addIssues(
  issues: readonly Issue[],
  document: RecipeDocument,
  keysAt: (path: RecipePath) => readonly string[],
): void {
  for (const issue of issues) {
    const path = issue.path.filter((part) => typeof part !== 'symbol')
    if (issue.code === 'unrecognized_keys') {
      for (const key of issue.keys) {
        addAt(document.keyPlaceOf([...path, key]), unknownKey(key, keysAt(path)))
      }
    } else if (issue.code === 'invalid_key')
      addAt(document.keyPlaceOf(path), issue.issues[0]?.message ?? 'a wrong name')
    else {
      const missing = issue.code === 'invalid_type' && issue.input === undefined
      const last = path.at(-1)
      const text = missing && typeof last === 'string' ? `"${last}" is missing` : describe(issue)
      const around = document.placeOf(missing ? path.slice(0, -1) : path)
      // At the top there is nothing around it to name.
      addAt(missing && path.length === 1 ? { ...around, path } : around, text)
    }
  }
}

/** Adds nothing where a problem is known already. */
export function addAt({ problems, offset, path }: RecipePlace, message: string): void {
  problems.addUnlessKnown(offset, path, message)
}

function unknownKey(key: string, known: readonly string[]): string {
  const advised = ownMember(advice, key)
  if (advised !== undefined) return `not supported here: ${advised}`
  const near =
    closest(key, known) ??
    known.find((name) => name.replaceAll('-', '') === key.replaceAll(/[-_]/g, '').toLowerCase())
  if (near !== undefined) return `unknown key: did you mean "${near}"?`
  return `unknown key: expected ${known.length > 12 ? 'a field of docs/reference/recipe.md' : known.join(', ')}`
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

function describe(issue: Issue): string {
  const actual = show(issue.input)
  if (issue.message !== '') return issue.message
  switch (issue.code) {
    case 'invalid_type': {
      const quote = issue.expected === 'string' && typeof issue.input !== 'object' ? '; put it in quotes' : ''
      return `expected ${typeNames[issue.expected] ?? issue.expected}, found ${actual}${quote}`
    }
    case 'too_small':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `expected at least ${issue.minimum} ${issue.origin === 'array' ? 'entries' : 'characters'}, found ${actual}`
        : `expected at least ${issue.minimum}, found ${actual}`
    case 'too_big':
      return issue.origin === 'array' || issue.origin === 'string'
        ? `expected at most ${issue.maximum} ${issue.origin === 'array' ? 'entries' : 'characters'}`
        : `expected at most ${issue.maximum}, found ${actual}`
    case 'invalid_value': {
      const near =
        typeof issue.input === 'string' ? closest(issue.input, issue.values.map(String)) : undefined
      const hint = near === undefined ? '' : `: did you mean "${near}"?`
      return `expected one of ${issue.values.map(String).join(', ')}, found ${actual}${hint}`
    }
    default:
      return `not valid here: ${actual}`
  }
}

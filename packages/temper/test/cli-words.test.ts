import { beforeAll, describe, expect, it } from 'vitest'
import { fullProgram } from '../src/cli/run.ts'
import { cliWordPattern, cliWordsIn, cliWordsOf } from './support/cli-words.ts'
import { reachable, readRepositoryFile, repositoryFiles } from './support/source-files.ts'

const home = 'packages/temper/src/'

/** Matches every option and command that the program knows, and every variable that its reference names. */
let pattern = /(?!)/
beforeAll(async () => {
  const program = await fullProgram()
  const options = [program, ...program.commands].flatMap((command) =>
    command.options.flatMap(({ long, short }) => [long ?? [], short ?? []].flat()),
  )
  const variables = readRepositoryFile('docs/reference/configuration.md').match(/\bTEMPER_[A-Z_]+\b/g)
  pattern = cliWordPattern({
    options: [...new Set(options.map((name) => name.replace(/^--?(?:no-)?/, '')))],
    commands: program.commands.map((command) => command.name()),
    variables: [...new Set(variables)],
  })
})

describe('what is said below the command line', () => {
  it('names none of its options, commands and variables', () => {
    const sources = repositoryFiles().filter((path) => path.startsWith(home))
    const workers = sources.filter((path) => path.endsWith('-worker.ts') && !path.includes('/fixtures/'))
    const below = reachable([`${home}index.ts`, ...workers]).filter((path) => path.startsWith(home))
    expect(below.length).toBeGreaterThan(300)
    expect(below.filter((path) => path.startsWith(`${home}cli/`))).toEqual([])
    expect(below.flatMap((path) => cliWordsOf(path, pattern))).toEqual([])
  })

  it.each([
    ['Choose one with --platform.', ['--platform']],
    ['Give it with -o.', ['-o']],
    ['Run "temper feeds update" (or temper cache prune).', ['temper feeds', 'temper cache']],
    ['Leave out --no-secrets', ['--no-secrets']],
    ['Unset TEMPER_CACHE_DIR, or TEMPER_OFFLINE', ['TEMPER_CACHE_DIR', 'TEMPER_OFFLINE']],
    ['--fail-on: expected a rule', ['--fail-on']],
  ])('is told by "%s"', (text, expected) => {
    expect(cliWordsIn(text, pattern)).toEqual(expected)
  })

  it.each([
    '--platform',
    '--output=json',
    'gpg --export writes it',
    'A version of Temper builds images',
    ':root{--page:#f6f7f9;color:var(--ink)}',
    'a well-known place',
    'sub--platform',
    'TEMPER_REBUILT_IDENTICAL',
  ])('may be "%s"', (text) => {
    expect(cliWordsIn(text, pattern)).toEqual([])
  })
})

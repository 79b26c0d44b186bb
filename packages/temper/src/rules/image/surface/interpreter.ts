import { nodePlace } from '../../../model/rule.ts'
import type { TreeNode } from '../../../model/tree/file-tree.ts'
import { entryOf } from '../entry.ts'
import { imageRule } from '../rule.ts'
import type { ImageSubject } from '../subject.ts'
import { programsNamed } from './program-rule.ts'

/** Languages by how their interpreters are called. */
const languages: readonly (readonly [name: string, pattern: RegExp])[] = [
  ['Perl', /^perl(?:5[\d.]*)?$/],
  ['Python', /^(?:python|pypy)[\d.]*t?$/],
  ['Ruby', /^(?:ruby|jruby|truffleruby)[\d.]*$/],
  ['JavaScript', /^(?:node|nodejs|deno|bun|qjs|d8)$/],
  ['PHP', /^php(?:-cgi|-fpm|-dbg)?[\d.]*$/],
  ['Lua', /^(?:lua|luajit)[\d.-]*$/],
  ['Tcl', /^(?:tclsh|wish|expect)[\d.]*$/],
  ['Java', /^java$/],
  ['Guile', /^guile[\d.-]*$/],
  ['R', /^(?:R|Rscript)$/],
  ['Erlang', /^(?:erl|escript|iex|elixir)$/],
  ['awk', /^(?:gawk|mawk|nawk|original-awk)$/],
]
const any = /^[a-zA-Z]{1,14}(?:-[a-z]{1,4})?[\d.t-]{0,12}$/

export const interpreter = imageRule({
  id: 'interpreter',
  title: 'No interpreters besides the one that the image is for',
  why: 'To an attacker who can start one program, an interpreter is as good as a shell. Packages often bring one that only they need.',
  fix: 'leave out the package that brings it',
  level: 'warning',
  aspect: 'attack-surface',
  tier: 'secure',
  needs: ['image'],
  *check(subject) {
    const declared = declaredLanguages(subject)
    const told = new Set<TreeNode>()
    for (const node of programsNamed(subject, any)) {
      const language = languageOf(node)
      if (language === undefined || declared.has(language)) continue
      const real = subject.root.resolve(node.path) ?? node
      if (told.has(real)) continue
      told.add(real)
      yield { place: nodePlace(real), found: `an interpreter of ${language}` }
    }
  },
})

function languageOf({ path }: TreeNode): string | undefined {
  return languageNamed(path.slice(path.lastIndexOf('/') + 1))
}

function languageNamed(name: string): string | undefined {
  return languages.find(([, pattern]) => pattern.test(name))?.[0]
}

/** Languages of the words of the command, of the file that it starts, and of the script that this is. */
function declaredLanguages(subject: ImageSubject): ReadonlySet<string> {
  const { image } = subject
  if (image === undefined) return new Set()
  const { command, node } = entryOf(subject, image)
  const words = [
    ...command.slice(0, 16),
    ...(node?.shebang ?? []),
    ...(node === undefined ? [] : [node.path]),
  ]
  const names = words.flatMap((word) => languageNamed(word.slice(word.lastIndexOf('/') + 1)) ?? [])
  return new Set(names)
}

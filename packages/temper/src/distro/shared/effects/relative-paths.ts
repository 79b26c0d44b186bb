import type { ScriptCommand, Value } from '../scripts/world.ts'

/** Operands of commands that are no paths: the owner, the group, the mode; of ln all but the name of the link. */
const notPaths: Readonly<Record<string, number>> = { chown: 1, chgrp: 1, chmod: 1 }
const valued = new Set(['-m', '-o', '-g', '-t', '-r', '-d', '--mode', '--owner', '--group'])

/** A command for files with its relative paths made absolute, as they are meant in the folder that it runs in. */
export function withFolder(command: ScriptCommand, name: string): ScriptCommand {
  const { folder, words } = command
  if (folder === '/') return command
  let operands = 0
  const last = words.length - 1
  const absolute = words.map((word, i): Value => {
    if (i === 0 || word === undefined || word === '' || word.startsWith('-')) return word
    if (name === 'install' && valued.has(words[i - 1] ?? '')) return word
    const position = operands++
    if (position < (notPaths[name] ?? 0) || (name === 'ln' && i < last) || word.startsWith('/')) return word
    return folder === undefined ? undefined : `${folder}/${word}`
  })
  return { ...command, words: absolute }
}

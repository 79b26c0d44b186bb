/** Linux reads this many bytes of a script's first line (BINPRM_BUF_SIZE). */
const lineLimit = 256

/**
 * The interpreter that a script's `#!` line names, as the kernel would read it, with the relevant part of its
 * argument: `["/bin/sh"]`, and for env the program that it looks up in PATH: `["/usr/bin/env", "python3"]`. `head` is
 * the start of the file: at least 256 bytes, or all of it. Undefined when there is no such line, or when it is so
 * long that the interpreter's name is cut.
 */
export function parseShebang(head: Uint8Array): readonly string[] | undefined {
  if (head[0] !== 0x23 || head[1] !== 0x21) return undefined
  const window = head.subarray(2, lineLimit)
  const end = window.findIndex((byte) => byte === 0x0a || byte === 0)
  const line = Buffer.from(end === -1 ? window : window.subarray(0, end)).toString('utf8')
  const [, interpreter = '', argument = ''] = /^[ \t]*([^ \t]*)[ \t]*(.*?)[ \t\r]*$/s.exec(line) ?? []
  const name = interpreter.replace(/\r$/, '')
  const cut = end === -1 && head.length >= lineLimit && argument === ''
  if (name === '' || cut) return undefined
  if (!/(^|\/)env$/.test(name)) return [name]
  const program = envProgram(argument)
  return program === undefined ? [name] : [name, program]
}

/**
 * The program that `env ARGUMENT` starts. The kernel passes one argument, so options with values of their
 * own can only stand in `-S` text, where env splits at blanks; quotes are honoured, other escapes are rare
 * enough in shebang lines to be left alone.
 */
function envProgram(argument: string): string | undefined {
  const split = /^(?:-[iv0]*S|--split-string[= ])[ \t]*(.*)$/s.exec(argument)
  const text = split?.[1]
  if (text === undefined) return argument === '' || argument.startsWith('-') ? undefined : argument
  const words = [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^ \t"'])+/g)].map(([word]) =>
    word.replace(/["']/g, ''),
  )
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? ''
    if (word === '-u' || word === '-C' || word === '--unset' || word === '--chdir') i++
    else if (!word.startsWith('-') && !/^[A-Za-z_][A-Za-z_0-9]*=/.test(word)) return word
  }
  return undefined
}

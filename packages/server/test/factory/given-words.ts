/** The real program that a script was started around, and the words of the command (real-program.ts). */
export function givenWords(): { readonly program: readonly string[]; readonly words: readonly string[] } {
  const all = process.argv.slice(2)
  const end = all.indexOf('--')
  return { program: all.slice(0, end), words: all.slice(end + 1) }
}

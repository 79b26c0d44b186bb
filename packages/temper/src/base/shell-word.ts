/** A word as a POSIX shell reads it back (POSIX.1-2024, Shell Command Language, section 2.2). */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

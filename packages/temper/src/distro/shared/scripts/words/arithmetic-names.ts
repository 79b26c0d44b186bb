/** Names of variables that an arithmetic expression assigns (POSIX 2.6.4; `++` and `--` of other shells). */
export function namesAssignedIn(text: string): readonly string[] {
  const names: string[] = []
  for (const [, plain, before, after] of text
    .slice(0, 10_000)
    .matchAll(
      /\b([A-Za-z_]\w*)\s*(?:[-+*/%&|^]|<<|>>)?=(?!=)|(?:\+\+|--)([A-Za-z_]\w*)|\b([A-Za-z_]\w*)(?:\+\+|--)/g,
    ))
    names.push(plain ?? before ?? after ?? '')
  return names
}

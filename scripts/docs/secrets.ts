import { secretRules } from '../../packages/temper/src/secrets/search.ts'

/** The page of docs/reference about secrets, in Markdown. */
export function secretsReference(): string {
  const rows = secretRules.map(
    ({ id, title, severity, path }) =>
      `| \`${id}\` | ${title} | ${severity} | ${path === undefined ? 'any' : 'some names'} |`,
  )
  return `# Secrets

\`temper scan\` looks for keys, tokens and passwords in every layer of an image, also in files that a later layer deletes or
replaces: whoever can pull the image can read them. It looks into the image's variables, labels, command and history too.

A rule is a form that those who issue a token describe, or a file that holds nothing else. Where a token carries a
checksum (GitHub, npm) or has parts that can be decoded (JWT, Docker's settings), these decide too. How random a
text looks is used only beside a name that says what it is, never alone. Stand-ins ("change-me", "\${VARIABLE}",
"EXAMPLE") do not count. In folders of tests, examples and documentation a finding is of low severity.

A secret is told as a [violation](violations.md) of the rule that recognises it: an error when it is critical or high, a
warning when it is medium, else a note.

A secret is never written anywhere: reports show the line with it replaced. What to do: revoke it, then build the
image without the file. Deleting it in a later layer does not help.

Searched are text files up to 1 MiB, settings and key files up to 16 MiB. Left out are documentation, translations and
time zones below \`usr/share\`, header files, and files that are binary by name or by what is in their first 4 KiB.

| Rule | Finds | Severity | Files |
| --- | --- | --- | --- |
${rows.join('\n')}
`
}

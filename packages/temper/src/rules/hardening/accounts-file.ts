const accountFiles = new Set(['etc/passwd', 'etc/shadow', 'etc/group', 'etc/gshadow'])

/** Whether the rules ask for the content of the file at this path in the image. */
export function rulesRead(path: string): boolean {
  return accountFiles.has(path)
}

/** Most lines read of one account file; the largest directories of accounts do not live in files. */
const lineLimit = 100_000

/** The fields of each line of an account file such as /etc/passwd (passwd(5), shadow(5), group(5)). */
export function parseAccountFile(content: Uint8Array): string[][] {
  const lines = new TextDecoder().decode(content).split('\n', lineLimit)
  return lines.filter((line) => line !== '').map((line) => line.split(':'))
}

/** The ids of the groups in /etc/group that list the user of a uid by one of its names. */
export function supplementaryGroups(
  uid: number,
  files: { readonly passwd: Uint8Array; readonly group: Uint8Array },
): Set<number> {
  const names = new Set(
    parseAccountFile(files.passwd).flatMap(([name, , id]) => (name && id === String(uid) ? [name] : [])),
  )
  const groups = parseAccountFile(files.group).flatMap(([, , id, members]) =>
    id && /^\d+$/.test(id) && members?.split(',').some((member) => names.has(member)) ? [Number(id)] : [],
  )
  return new Set(groups)
}

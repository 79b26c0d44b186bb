import type { Builtin } from './shell.ts'

const who: Readonly<Record<string, number>> = { u: 0o700, g: 0o070, o: 0o007, a: 0o777 }
const what: Readonly<Record<string, number>> = { r: 0o444, w: 0o222, x: 0o111 }

/** `umask`, `umask 027`, `umask u=rwx,g=rx,o=` (POSIX utilities, umask): the permissions that new files do not get. */
export const umask: Builtin = ([mask], shell) => {
  const { environment } = shell
  if (mask === undefined || mask === '-S')
    shell.emit(mask === '-S' ? undefined : `${octal(environment.umask)}\n`)
  else if (/^[0-7]{1,4}$/.test(mask)) environment.umask = Number.parseInt(mask, 8) & 0o777
  else environment.umask = symbolic(mask, environment.umask) ?? environment.umask
  return 0
}

function octal(mask: number): string {
  return mask.toString(8).padStart(4, '0')
}

function symbolic(text: string, before: number): number | undefined {
  let allowed = ~before & 0o777
  for (const clause of text.slice(0, 100).split(',')) {
    const [, whose = '', operator, letters = ''] = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause) ?? []
    if (operator === undefined) return undefined
    const of = bits(whose || 'a', who)
    const given = bits(letters, what) & of
    if (operator === '=') allowed = (allowed & ~of) | given
    else allowed = operator === '+' ? allowed | given : allowed & ~given
  }
  return ~allowed & 0o777
}

function bits(letters: string, table: Readonly<Record<string, number>>): number {
  return [...letters].reduce((sum, letter) => sum | (table[letter] ?? 0), 0)
}

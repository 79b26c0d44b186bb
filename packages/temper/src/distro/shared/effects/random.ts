import type { CommandResult, ScriptCommand, Value } from '../scripts/world.ts'

/**
 * Stands in texts for something random: a password, a cookie, a machine id. It follows the text through filters and
 * variables, so that it is known which files would contain it. It is from the private use area of Unicode, which no
 * text uses.
 */
export const randomMark = '\u{f0f0f}'

const devices = /^\/dev\/u?random$/

/** Programs that print something else each time: passwords, names, and hashes that begin with salt. */
const generators =
  /^(?:openssl rand(?! .*-out)|pwgen|apg|makepasswd|mcookie|uuidgen|dbus-uuidgen(?! --ensure)|iscsi-iname|slappasswd|ssh-keygen -l|(?:mkpasswd|openssl passwd)(?! .*(?:-S|-?-salt|hash\b))|htpasswd -\w*n|doveadm pw|argon2|xkcdpass|diceware)\b/

/** Programs that make text of text: what they make of something random is random. */
export const randomFilters: ReadonlySet<string> = new Set(
  (
    'head tail cut tr sed awk mawk gawk grep egrep fgrep sort uniq fold cat tac rev paste od hexdump xxd base64 base32 dd ' +
    'md5sum sha1sum sha256sum sha512sum strings mkpasswd openssl'
  ).split(' '),
)

/** Whether a file gives something else each time. */
export function isRandomDevice(path: string): boolean {
  return devices.test(path)
}

export function isRandom(text: Value): boolean {
  return text?.includes(randomMark) ?? false
}

/** What a command prints that makes something at random, or works on it; undefined when it does neither. */
export function randomResult(name: string, { words, input }: ScriptCommand): CommandResult | undefined {
  const line = words.map((word) => word ?? '?').join(' ')
  const result = { status: 0, output: `${randomMark}\n` }
  if (generators.test(line.length < 10_000 ? line.slice(line.indexOf(name)) : '')) return result
  // What passes through as it is keeps its marks.
  const passes = name === 'cat' && words.slice(1).every((word) => word === '-' || word === undefined)
  if (passes || !randomFilters.has(name) || /\s-i\S*(?:\s|$)/.test(line)) return undefined
  const given = words.slice(1).some((word) => isRandom(word) || devices.test(word?.replace(/^if=/, '') ?? ''))
  return given || isRandom(input) ? result : undefined
}

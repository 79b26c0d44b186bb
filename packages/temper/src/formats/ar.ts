import type { ByteStream } from '../base/bytes.ts'
import { TemperError } from '../base/error.ts'
import { ByteCursor } from './bytes/byte-cursor.ts'
import { Section } from './bytes/section.ts'

/** One member of an ar archive. */
export interface ArMember {
  /** Name of the member, without the padding and the trailing slash that some writers add. */
  readonly name: string
  /** Bytes of the content. */
  readonly size: number
  /** Where the content starts, counted in bytes from the start of the archive. */
  readonly offset: number
  /** Can be read once, before the next member is requested; what is left unread is skipped. */
  readonly content: ByteStream
}

export interface ArOptions {
  /** What is being read, for errors: "nginx_1.26.3-3_amd64.deb". */
  readonly what: string
  readonly limits?: { readonly members?: number; readonly nameBytes?: number }
}

const magic = '!<arch>\n'
const headerSize = 60

/**
 * Reads an ar archive as deb(5) uses it: the common format, with names that are plain, end in a slash (GNU), or
 * precede the content (BSD `#1/LENGTH`). Symbol tables and GNU name tables are refused: no .deb has them. Errors:
 * `bad-archive` for anything damaged or cut off, `limit-exceeded` for too many members.
 */
export async function* readAr(
  source: ByteStream,
  options: ArOptions,
): AsyncGenerator<ArMember, undefined, undefined> {
  const limit = options.limits?.members ?? 64
  const cursor = new ByteCursor(source)
  try {
    const start = await cursor.read(magic.length)
    if (start.toString('latin1') !== magic) throw damaged(options, 0, `it does not start with "!<arch>"`)
    for (let count = 0; await cursor.more(); count++) {
      if (count >= limit) {
        throw new TemperError('limit-exceeded', `${options.what}: more than ${limit} members in the archive`)
      }
      yield* readMember(cursor, options)
    }
  } finally {
    await cursor.close()
  }
}

async function* readMember(cursor: ByteCursor, options: ArOptions): AsyncGenerator<ArMember> {
  const at = cursor.position
  const header = await cursor.read(headerSize)
  if (header.length < headerSize) throw damaged(options, at, 'the archive is cut off in a member header')
  if (header.toString('latin1', 58, 60) !== '`\n')
    throw damaged(options, at, 'a member header has a wrong end mark')
  const field = header.toString('latin1', 0, 16).trimEnd()
  const stored = decimal(header.toString('latin1', 48, 58))
  if (stored === undefined)
    throw damaged(options, at, `the size of member "${printable(field)}" is not a number`)
  const { name, size } = field.startsWith('#1/')
    ? await longName(cursor, { field, stored, at }, options)
    : { name: field.endsWith('/') ? field.slice(0, -1) : field, size: stored }
  if (!/^[\x21-\x2e\x30-\x7e]+$/.test(name)) {
    throw damaged(options, at, `member name "${printable(field)}" is not supported`)
  }
  const truncated = () => damaged(options, cursor.position, `the archive is cut off in member ${name}`)
  const content = new Section(cursor, { size, padding: 0 }, truncated)
  yield { name, size, offset: cursor.position, content }
  await content.finish()
  // Members start at even offsets; some writers leave the last padding byte out.
  if (stored % 2 === 1 && (await cursor.more()) && cursor.take(1)[0] !== 0x0a) {
    throw damaged(options, cursor.position - 1, `member ${name} is not followed by its padding byte`)
  }
}

async function longName(
  cursor: ByteCursor,
  member: { readonly field: string; readonly stored: number; readonly at: number },
  options: ArOptions,
): Promise<{ name: string; size: number }> {
  const length = decimal(member.field.slice(3))
  const limit = options.limits?.nameBytes ?? 255
  if (length === undefined || length > member.stored || length > limit) {
    throw damaged(options, member.at, `the length of a member name, "${printable(member.field)}", is wrong`)
  }
  const bytes = await cursor.read(length)
  if (bytes.length < length) throw damaged(options, member.at, 'the archive is cut off in a member name')
  return { name: bytes.toString('latin1').replace(/\0+$/, ''), size: member.stored - length }
}

function decimal(field: string): number | undefined {
  const text = field.trimEnd()
  return /^[0-9]{1,10}$/.test(text) ? Number(text) : undefined
}

function printable(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?')
}

function damaged(options: ArOptions, at: number, reason: string): TemperError {
  return new TemperError('bad-archive', `${options.what}: not a valid ar archive: ${reason} (byte ${at})`, {
    hint: 'The file is damaged or not a Debian package. Fetch it again.',
  })
}

import { ownMember } from '../../base/own-member.ts'
import { decodeName } from './entry-path.ts'
import { damaged, quoted, type TarPlace } from './fault.ts'
import { type PaxRecord, paxCount, paxSeconds } from './pax.ts'

/** What extended headers say about the entry that follows; it takes precedence over the entry's own header. */
export interface Extended {
  path?: string
  linkPath?: string
  size?: number
  uid?: number
  gid?: number
  userName?: string
  groupName?: string
  mtime?: number
  xattrs?: Map<string, string>
  sparse?: PaxSparse
  /** Records that the reader of the archive asked for, by key. */
  records?: Map<string, string>
}

/** The GNU.sparse.* records (GNU tar manual, "Storing Sparse Files"), formats 0.0, 0.1 and 1.0. */
export interface PaxSparse {
  name?: string
  realSize?: number
  major?: number
  /** Alternating offsets and lengths, for 0.0 and 0.1. */
  numbers: number[]
}

const xattrPrefix = 'SCHILY.xattr.'

/** Applies records in order; an empty value cancels an earlier one, such as that of a global header. */
export function applyPax(extended: Extended, records: readonly PaxRecord[], place: TarPlace): void {
  for (const record of records) {
    const setter = ownMember(setters, record.key)
    if (setter) setter(extended, record, place)
    else if (record.key.startsWith(xattrPrefix)) setXattr(extended, record, place)
    else if (record.key.startsWith('GNU.sparse.')) setSparse(extended, record, place)
  }
}

type Setter = (extended: Extended, record: PaxRecord, place: TarPlace) => void

function text(property: 'path' | 'linkPath' | 'userName' | 'groupName'): Setter {
  return (extended, record, place) => {
    if (record.value.length === 0) delete extended[property]
    else extended[property] = decodeName(record.value, `PAX record ${record.key}`, place)
  }
}

function number(property: 'size' | 'uid' | 'gid' | 'mtime'): Setter {
  const parse = property === 'mtime' ? paxSeconds : paxCount
  return (extended, record, place) => {
    if (record.value.length === 0) delete extended[property]
    else extended[property] = parse(record, place)
  }
}

const setters: Readonly<Record<string, Setter>> = Object.assign(Object.create(null), {
  path: text('path'),
  linkpath: text('linkPath'),
  uname: text('userName'),
  gname: text('groupName'),
  size: number('size'),
  uid: number('uid'),
  gid: number('gid'),
  mtime: number('mtime'),
})

/** An empty value is a value here: an attribute may be empty. */
function setXattr(extended: Extended, record: PaxRecord, place: TarPlace): void {
  const name = record.key.slice(xattrPrefix.length)
  if (name === '' || name.includes('\0'))
    throw damaged(place, `a PAX header has an extended attribute with the name ${quoted(name)}`)
  extended.xattrs ??= new Map()
  extended.xattrs.set(name, record.value.toString('base64'))
}

function setSparse(extended: Extended, record: PaxRecord, place: TarPlace): void {
  extended.sparse ??= { numbers: [] }
  const sparse = extended.sparse
  switch (record.key.slice('GNU.sparse.'.length)) {
    case 'name':
      sparse.name = decodeName(record.value, `PAX record ${record.key}`, place)
      break
    case 'size':
    case 'realsize':
      sparse.realSize = paxCount(record, place)
      break
    case 'major':
      sparse.major = paxCount(record, place)
      break
    case 'offset':
    case 'numbytes':
      sparse.numbers.push(paxCount(record, place))
      break
    case 'map':
      for (const part of record.value.toString('latin1').split(',')) {
        sparse.numbers.push(paxCount({ key: record.key, value: Buffer.from(part) }, place))
      }
      break
    case 'minor':
    case 'numblocks':
      paxCount(record, place)
      break
    default:
      throw damaged(place, `the PAX record ${record.key} is not supported`)
  }
}

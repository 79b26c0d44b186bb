import { below, chosen } from '../support/random.ts'
import type { MemberFault, Parts } from './archive.ts'
import { paxBody, type RawEntry } from './raw-tar.ts'

/*
 * Changes of packages and indices that somebody would try: each leaves everything else as it has to be, signatures and
 * hashes among it, so that what reads it comes to the place that is wrong.
 */

const names = [
  '',
  '.',
  '/',
  '..',
  '../x',
  'usr/../../x',
  '/etc/passwd',
  'usr/bin/',
  'usr//bin/./x',
  '.wh.usr',
  'usr/bin/.wh.tool',
  'usr/.wh..wh..opq',
  'usr/bin/tool',
  'usr/bin/tool/below',
  'usr',
  'etc/loop',
  'etc/loop/x',
  'a\nb',
  'a\u001b[2Jb',
  'a\u202eb',
  'caf\u00e9',
  'x'.repeat(99),
  '.PKGINFO',
  '.post-install',
  '.SIGN.RSA256.mirror.rsa.pub',
  'APKINDEX',
  'DESCRIPTION',
  '__proto__',
  'usr/__proto__/constructor',
  'dev/null',
  'lib/apk/db/installed',
  'etc/passwd',
] as const
const targets = [
  '',
  '.',
  '..',
  '/',
  '../../../x',
  'loop',
  'etc/loop',
  'usr/bin/tool',
  '/etc/loop',
  'a\nb',
  'x'.repeat(99),
]
const types = ['0', '\0', '1', '2', '3', '4', '5', '6', '7', 'S', 'x', 'g', 'L', 'K', 'V', 'Z', '\u007f']
const sizes = [0, 1, 511, 512, 513, 1 << 20, 2 ** 31, 2 ** 32, 8 ** 11 - 1, 2 ** 40, 2 ** 53, -1, -512]
const paxKeys = [
  'path',
  'linkpath',
  'size',
  'uid',
  'mtime',
  'uname',
  'SCHILY.xattr.security.capability',
  'SCHILY.xattr.',
]
const sparseKeys = [
  'major',
  'minor',
  'name',
  'size',
  'realsize',
  'map',
  'offset',
  'numbytes',
  'numblocks',
  'other',
]
const apkKeys = ['APK-TOOLS.checksum.SHA1', 'APK-TOOLS.checksum.SHA256']
const paxValues = [
  '',
  '0',
  '1',
  '-1',
  '1e9',
  '99999999999999999999',
  '0,512',
  '512,0,0,512',
  '../x',
  '/x',
  'usr/bin/.wh.a',
  'a\0b',
  'NaN',
]
const signatures: readonly Parts['signature'][] = ['none', 'other key', 'other name', 'damaged', 'twice']
const dataHashes: readonly Parts['dataHash'][] = ['wrong', 'none', 'twice']
const faults: readonly MemberFault[] = [
  'no end',
  'bytes after',
  'lying size',
  'lying sum',
  'flags',
  'name',
  'halved',
]

type Random = () => number

/** Changes one to four parts; what is not named stays as it is. */
export function mutate(parts: Parts, random: Random): Parts {
  let changed = parts
  for (let left = 1 + below(4, random); left > 0; left--) changed = mutateOne(changed, random)
  return changed
}

function mutateOne(parts: Parts, random: Random): Parts {
  switch (below(9, random)) {
    case 0:
      return { ...parts, signature: chosen(signatures, random) }
    case 1:
      return { ...parts, dataHash: chosen(dataHashes, random) }
    case 2: {
      const at = below(3, random)
      return {
        ...parts,
        members: parts.members.map((fault, each) => (each === at ? chosen(faults, random) : fault)),
      }
    }
    case 3:
    case 4:
      return { ...parts, text: mutateText(parts.text, random) }
    case 5:
      return { ...parts, before: mutateEntries(parts.before, random) }
    case 6:
      return { ...parts, after: mutateEntries(parts.after, random) }
    default:
      return { ...parts, files: mutateEntries(parts.files, random) }
  }
}

function mutateEntries(entries: readonly RawEntry[], random: Random): readonly RawEntry[] {
  const at = below(entries.length + 1, random)
  const [there] = entries.slice(at, at + 1)
  switch (below(5, random)) {
    case 0:
      return entries.toSpliced(at, 1)
    case 1:
      return there === undefined ? entries : entries.toSpliced(at, 0, there)
    case 2:
      return there === undefined ? entries : entries.with(at, { ...there, ...hostileFields(random) })
    default:
      return entries.toSpliced(at, 0, hostileEntry(random))
  }
}

/** An entry of anything. */
export function hostileEntry(random: Random): RawEntry {
  return {
    name: chosen(names, random),
    type: chosen(types, random),
    linkName: chosen(targets, random),
    content: Buffer.alloc(below(3, random) * 300, 'x'),
    ...(random() < 0.7 ? {} : hostileFields(random)),
  }
}

function hostileFields(random: Random): Partial<RawEntry> {
  switch (below(8, random)) {
    case 0:
      return { name: chosen(names, random) }
    case 1:
      return { size: chosen(sizes, random) }
    case 2:
      return { type: chosen(types, random) }
    case 3:
      return { checksum: chosen(['0\0', '       ', '99999999', '-1'], random) }
    case 4:
      return {
        mode: chosen([0, 0o7777, 0o6755, 0o1777], random),
        uid: chosen([0, 1, 65535, 0o7777777], random),
      }
    case 5:
      return { prefix: chosen(names, random) }
    default:
      return { paxType: random() < 0.8 ? 'x' : 'g', ...hostilePax(random) }
  }
}

function hostilePax(random: Random): Pick<RawEntry, 'pax' | 'paxBody'> {
  const sparse = sparseKeys.map((key) => `GNU.sparse.${key}`)
  const keys = [...paxKeys, ...sparse, ...apkKeys]
  const records = Array.from({ length: 1 + below(4, random) }, () => {
    return [chosen(keys, random), chosen(paxValues, random)] as const
  })
  if (random() < 0.8) return { pax: records }
  const body = paxBody(records)
  const bodies = [
    body.subarray(0, -1),
    Buffer.concat([body, Buffer.from('x')]),
    Buffer.from('0 a=b\n'),
    Buffer.from('99 a=b\n'),
    Buffer.from('5 ab\n'),
    Buffer.from('6 =ab\n'),
    Buffer.alloc(0),
  ]
  return { paxBody: chosen(bodies, random) }
}

const lines = [
  '',
  ':',
  '=',
  ' = ',
  '# remark',
  'P:../x',
  'P:',
  'V:/',
  'V:1_rc',
  'A:..',
  'C:Q1x',
  'S:0',
  'S:99999999999999',
  'I:-1',
  'k:x',
  'k:9999999999999',
  't:-5',
  'D:a=b=c',
  'D:!x x',
  'D:tool',
  'D:so:loop other',
  'p:so:loop=1 tool=2',
  'p:other=1 other=2',
  'i:tool other',
  'i:!tool',
  'r:tool>=1@edge',
  'F:../..',
  'R:.wh.x',
  'pkgname = ../x',
  'pkgname = other',
  'pkgver = 1\u001b[2J',
  'arch = x86_64 aarch64',
  'size = 1e99',
  'depend = a=b=c',
  'provides = tool=1 tool=2',
  'install_if = tool !tool',
  'triggers = /* ../../x /',
  'replaces = tool',
  'datahash = 0',
  'license = (((((',
  '__proto__ = x',
  'Z:\ud800',
]

function mutateText(text: string, random: Random): string {
  const all = text.split('\n')
  const at = below(all.length, random)
  switch (below(5, random)) {
    case 0:
      return all.toSpliced(at, 1).join('\n')
    case 1:
      return all.toSpliced(at, 0, all[below(all.length, random)] ?? '').join('\n')
    case 2:
      return all.toSpliced(at, 0, chosen(lines, random)).join('\n')
    case 3:
      return all.with(at, chosen(lines, random)).join('\n')
    default: {
      const line = all[at] ?? ''
      const place = below(line.length + 1, random)
      const mark = chosen(
        ['', '\0', '\t', ' ', '=', ':', '@', '!', '~', '\u00e9', '9'.repeat(20), 'x'.repeat(300)],
        random,
      )
      return all.with(at, line.slice(0, place) + mark + line.slice(place + below(3, random))).join('\n')
    }
  }
}

/** Bytes as a bad disk, a bad line or a bad friend gives them. */
export function mutateBytes(bytes: Buffer, random: Random): Buffer {
  const at = below(bytes.length + 1, random)
  const some = below(64, random)
  switch (below(6, random)) {
    case 0:
      return bytes.subarray(0, at)
    case 1:
      return bytes.subarray(at)
    case 2:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + some)])
    case 3:
      return Buffer.concat([bytes.subarray(0, at), bytes.subarray(at, at + some), bytes.subarray(at)])
    case 4:
      return Buffer.concat([
        bytes.subarray(0, at),
        Buffer.alloc(some, below(256, random)),
        bytes.subarray(at + some),
      ])
    default: {
      const copy = Buffer.from(bytes)
      if (copy.length > 0) copy[at % copy.length] = below(256, random)
      return copy
    }
  }
}

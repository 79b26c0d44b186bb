import type { Order, VersionOrder } from './order.ts'
import { isDigit, isLetter } from './order.ts'

/**
 * Debian version numbers: `[epoch:]upstream[-revision]`, ordered as dpkg orders them.
 * Source: deb-version(7) and Debian Policy 5.6.12.
 */

const maximalLength = 1024
/** dpkg keeps the epoch in a signed 32-bit integer. */
const maximalEpoch = 2_147_483_647

const space = 0x20
const digitZero = 0x30
const colon = 0x3a
const tilde = 0x7e

/**
 * Orders two versions as `dpkg --compare-versions` does, white space around them ignored. Total over all
 * strings: text that is not a version (see `debianVersionProblem`) gets a stable place too, so sorting never fails.
 */
export function compareDebianVersions(left: string, right: string): Order {
  if (left === right) return 0
  const a = trimmed(left)
  const b = trimmed(right)
  const epochA = epochLength(a)
  const epochB = epochLength(b)
  const epochs = compareRuns([a, 0, epochA], [b, 0, epochB])
  if (epochs !== 0) return epochs
  const startA = epochA < 0 ? 0 : epochA + 1
  const startB = epochB < 0 ? 0 : epochB + 1
  const endA = upstreamEnd(a, startA)
  const endB = upstreamEnd(b, startB)
  const upstreams = compareRuns([a, startA, endA], [b, startB, endB])
  if (upstreams !== 0) return upstreams
  return compareRuns([a, endA + 1, a.length], [b, endB + 1, b.length])
}

/** Compared as text, since dpkg's order needs no parsing. Text without a digit after its epoch is not a version. */
export const dpkgOrder: VersionOrder<string> = {
  parse: (text) => text,
  compare: compareDebianVersions,
  isVersion: (text) => /^\s*(?:[0-9]+:)?[0-9]/.test(text),
}

/** True for a well-formed version (deb-version(7)). */
export function isDebianVersion(text: string): boolean {
  return debianVersionProblem(text) === undefined
}

/** Why `text` is not a well-formed version, as a phrase ("the revision is empty"); undefined when it is one. */
export function debianVersionProblem(text: string): string | undefined {
  if (text === '') return 'it is empty'
  if (text.length > maximalLength) return `it is longer than ${maximalLength} characters`
  const colonAt = text.indexOf(':')
  if (colonAt >= 0) {
    const epoch = text.slice(0, colonAt)
    if (epoch === '') return 'the epoch before the colon is empty'
    if (!/^[0-9]+$/.test(epoch)) return `the epoch "${shown(epoch)}" is not a number`
    if (Number(epoch) > maximalEpoch) return `the epoch is larger than ${maximalEpoch}`
  }
  const end = upstreamEnd(text, colonAt + 1)
  const upstream = text.slice(colonAt + 1, end)
  if (upstream === '') return 'the upstream version is empty'
  const strange = /[^A-Za-z0-9.+~:-]/u.exec(upstream)
  if (strange) return `the upstream version has the character ${JSON.stringify(strange[0])}`
  if (!/^[0-9]/.test(upstream)) return `the upstream version "${shown(upstream)}" does not start with a digit`
  if (end === text.length) return undefined
  const revision = text.slice(end + 1)
  if (revision === '') return 'the revision after the hyphen is empty'
  const strangeRevision = /[^A-Za-z0-9.+~]/u.exec(revision)
  if (strangeRevision) return `the revision has the character ${JSON.stringify(strangeRevision[0])}`
  return undefined
}

function trimmed(text: string): string {
  return text.charCodeAt(0) <= space || text.charCodeAt(text.length - 1) <= space ? text.trim() : text
}

/** Length of the digits before the first colon; -1 when there is no numeric epoch. */
function epochLength(version: string): number {
  for (let i = 0; i < version.length; i++) {
    const code = version.charCodeAt(i)
    if (code === colon) return i
    if (!isDigit(code)) return -1
  }
  return -1
}

/** Where the upstream part ends: at the last hyphen, or at the end of the text. */
function upstreamEnd(version: string, start: number): number {
  const hyphen = version.lastIndexOf('-')
  return hyphen < start ? version.length : hyphen
}

/** A stretch of a string: text, start, end (not included). An end before the start means an empty one. */
type Stretch = readonly [text: string, start: number, end: number]

/** Compares by turns a run of non-digits, character by character, and a run of digits, as a number. */
function compareRuns(a: Stretch, b: Stretch): Order {
  const [textA, startA, endA] = a
  const [textB, startB, endB] = b
  let i = startA
  let j = startB
  while (i < endA || j < endB) {
    for (;;) {
      const weightA = i < endA ? weight(textA.charCodeAt(i)) : 0
      const weightB = j < endB ? weight(textB.charCodeAt(j)) : 0
      if (weightA !== weightB) return weightA < weightB ? -1 : 1
      if (weightA === 0) break
      i++
      j++
    }
    while (i < endA && textA.charCodeAt(i) === digitZero) i++
    while (j < endB && textB.charCodeAt(j) === digitZero) j++
    let difference = 0
    for (;;) {
      const codeA = i < endA ? textA.charCodeAt(i) : 0
      const codeB = j < endB ? textB.charCodeAt(j) : 0
      if (!isDigit(codeA)) {
        if (isDigit(codeB)) return -1
        break
      }
      if (!isDigit(codeB)) return 1
      if (difference === 0) difference = codeA - codeB
      i++
      j++
    }
    if (difference !== 0) return difference < 0 ? -1 : 1
  }
  return 0
}

/** Rank of a character between numbers: `~`, then the end or a digit (0), then letters, then the rest. */
function weight(code: number): number {
  if (isDigit(code)) return 0
  if (code === tilde) return -1
  if (isLetter(code)) return code
  return code + 256
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text
}

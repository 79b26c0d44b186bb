import type { DebianArchive } from '../releases.ts'

/** The archive that keeps every state of Debian. Its addresses hold a time: …/archive/debian/20260912T080000Z. */
export const snapshotArchive = 'https://snapshot.debian.org/archive'

/** The base address of an archive as it was at a time; the server takes the last state before it. */
export function snapshotAddress(archive: DebianArchive, time: Date, base: string = snapshotArchive): string {
  const stamp = time
    .toISOString()
    .replace(/\.\d+Z$/, 'Z')
    .replace(/[-:]/g, '')
  return `${base.replace(/\/+$/, '')}/${archive}/${stamp}`
}

/** The time that a snapshot address holds; undefined for other addresses. */
export function snapshotTime(address: string): Date | undefined {
  const path = URL.parse(address)?.pathname ?? ''
  const match = /\/(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z\/*$/.exec(path)
  if (!match) return undefined
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number)
  const time = Date.UTC(year ?? 0, (month ?? 0) - 1, day, hour, minute, second)
  return new Date(time)
}

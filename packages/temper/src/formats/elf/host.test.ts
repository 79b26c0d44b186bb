import { execFileSync, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { createElfCollector } from './collect.ts'

const hasReadelf = spawnSync('readelf', ['--version']).status === 0

/** Up to `limit` regular files of a folder of the host, spread over the alphabet; none where it is missing. */
function someFiles(folder: string, limit: number): string[] {
  let names: string[]
  try {
    names = readdirSync(folder).sort()
  } catch {
    return []
  }
  const step = Math.max(1, Math.floor(names.length / limit))
  return names
    .filter((_, i) => i % step === 0)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile())
}

/** What binutils says about a file, in the shape of the facts. */
function readelf(path: string) {
  const text = execFileSync('readelf', ['-W', '-l', '-d', '-V', path], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin' },
  })
  const [, definitionText = ''] = text.split('Version definition section')
  const [, needText = ''] = text.split('Version needs section')
  const needs: [string, string[]][] = []
  for (const line of needText.split('\n')) {
    const file = /File: (\S+)/.exec(line)?.[1]
    const [, version, flags = ''] = /Name: (\S+) +Flags: (.*?) +Version/.exec(line) ?? []
    if (file !== undefined) needs.push([file, []])
    if (version !== undefined && !flags.includes('WEAK')) needs.at(-1)?.[1].push(version)
  }
  const definitions = definitionText.split('Version needs section')[0] ?? ''
  return {
    interpreter: /Requesting program interpreter: (.*)\]/.exec(text)?.[1],
    needed: [...text.matchAll(/\(NEEDED\).*\[(.*)\]/g)].map((match) => match[1]),
    soname: /\(SONAME\).*\[(.*)\]/.exec(text)?.[1],
    runpath: /\(RUNPATH\).*\[(.*)\]/.exec(text)?.[1]?.split(':') ?? [],
    rpath: /\(RPATH\).*\[(.*)\]/.exec(text)?.[1]?.split(':') ?? [],
    versionDefinitions: [...definitions.matchAll(/Index: \d+ +Cnt: \d+ +Name: (\S+)/g)].map(
      (match) => match[1],
    ),
    versionNeeds: Object.fromEntries(needs.filter(([, versions]) => versions.length > 0)),
  }
}

it.runIf(hasReadelf)('agrees with readelf on programs and libraries of the host', () => {
  const folders = ['/usr/bin', '/usr/lib/x86_64-linux-gnu', '/usr/lib/aarch64-linux-gnu']
  let compared = 0
  for (const path of folders.flatMap((folder) => someFiles(folder, 40))) {
    const bytes = readFileSync(path)
    const collector = createElfCollector(bytes.length)
    for (let at = 0; at < bytes.length; at += 65_536) collector.write(bytes.subarray(at, at + 65_536))
    const facts = collector.finish()
    if (!facts || facts.bits === 32) continue
    expect(facts.damaged, path).toBeUndefined()
    const { interpreter, needed, soname, runpath, rpath, versionDefinitions, versionNeeds } = facts
    const ours = { interpreter, needed, soname, runpath, rpath, versionDefinitions, versionNeeds }
    expect(ours, path).toEqual(readelf(path))
    compared++
  }
  expect(compared).toBeGreaterThan(5)
})

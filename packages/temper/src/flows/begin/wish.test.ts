import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findApplication } from './application.ts'
import { chooseLine } from './line.ts'
import { versionWish } from './wish.ts'

const node = ['24', '22', '20']
const python = ['3.13', '3.11']

describe('ranges of versions', () => {
  it.each<[string, readonly string[], readonly string[]]>([
    ['22', node, ['22']],
    ['v22.11.0', node, ['22']],
    ['>=20', node, node],
    ['>= 20.19 < 24', node, ['22', '20']],
    ['^20.19.0 || >=22.12.0', node, node],
    ['^20 || ^22', node, ['22', '20']],
    ['~22.1', node, ['22']],
    ['22.x', node, ['22']],
    ['20 - 22', node, ['22', '20']],
    ['<=22', node, ['22', '20']],
    ['!=22', node, ['24', '20']],
    ['*', node, node],
    ['>24', node, []],
    ['18', node, []],
    ['3.11.4', python, ['3.11']],
    ['>=3.11,<3.13', python, ['3.11']],
    ['^3.11', python, python],
    ['~=3.11.2', python, ['3.11']],
    ['~=3.11', python, python],
    ['>=3.12', python, ['3.13']],
    ['==3.11.*', python, ['3.11']],
    ['>=3.14', python, []],
  ])('%s of %j has %j', (said, lines, expected) => {
    expect(lines.filter((line) => versionWish('f', said)?.fits(line))).toEqual(expected)
  })

  it.each(['', 'pypy', 'latest or so', '>=', '$(x)', '1..2'])('%j is none', (said) => {
    expect(versionWish('f', said)).toBeUndefined()
  })
})

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'temper-wish-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

async function chosen(files: Readonly<Record<string, string>>, distribution?: string) {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), content)
  }
  const application = await findApplication(folder)
  const catalogDir = join(import.meta.dirname, '../../../../../catalog')
  const beginning = Object.assign(
    { name: 'a', ports: [] },
    application,
    distribution === undefined ? {} : { distribution },
  )
  const { line, note } = await chooseLine(beginning, { workingDir: folder, catalogDir })
  return `${line ?? '-'} ${note ?? '-'}`
}

const pom = (properties: string) =>
  `<project><groupId>a</groupId><artifactId>a</artifactId><version>1</version><properties>${properties}</properties></project>`

describe('the line of a project', () => {
  it.each<[Readonly<Record<string, string>>, RegExp]>([
    [{ 'package.json': '{}', '.nvmrc': '22\n' }, /^22 Node\.js 22: \.nvmrc asks for 22$/],
    [{ 'package.json': '{}', '.nvmrc': 'lts/jod' }, /^22 .*lts\/jod/],
    [{ 'package.json': '{}', '.nvmrc': 'lts/*' }, /^- -$/],
    [{ 'package.json': '{}', '.node-version': 'v24.1.0' }, /^- -$/],
    [{ 'package.json': '{"engines":{"node":"^22.1"}}' }, /^22 .*engines\.node of package\.json/],
    [{ 'package.json': '{"engines":{"node":">=18"}}' }, /^- -$/],
    [
      { 'package.json': '{"engines":{"node":"16"}}' },
      /^- .*asks for Node\.js 16, .*it is Node\.js 24 \(others: 22\)/,
    ],
    [{ 'package.json': '{"engines":{"node":24},"volta":{"node":"22.1.0"}}' }, /^22 /],
    [
      { 'package.json': '{}', Dockerfile: `ARG V=22\nFROM node:\${V}-alpine\n` },
      /^22 .*FROM node:22-alpine of Dockerfile/,
    ],
    [{ 'main.py': '', '.python-version': '3.11.9\n' }, /^3\.11 /],
    [{ 'main.py': '', 'pyproject.toml': 'requires-python = ">=3.10,<3.12"\n' }, /^3\.11 /],
    [
      { 'main.py': '', 'pyproject.toml': '[tool.poetry.dependencies]\nx = "1"\npython = "~3.11"\n' },
      /^3\.11 /,
    ],
    [
      { 'main.py': '', '.tool-versions': 'nodejs 20\npython 3.12.1\n' },
      /^- \.tool-versions asks for Python 3\.12\.1/,
    ],
    [{ 'pom.xml': pom('<java.version>17</java.version>') }, /^17 Java 17: pom\.xml asks for 17$/],
    [{ 'pom.xml': pom('<java.version>1.8</java.version>') }, /^- -$/],
    [
      { 'pom.xml': pom('<maven.compiler.release>25</maven.compiler.release>') },
      /^- pom\.xml asks for Java 25/,
    ],
    [{ 'build.gradle.kts': 'languageVersion = JavaLanguageVersion.of(17)' }, /^17 /],
    [{ 'go.mod': 'module a\n\ngo 1.22\n\ntoolchain go1.26.0\n', 'main.go': 'package main' }, /^- -$/],
    [
      { 'go.mod': 'module a\n\ngo 1.99.1\n', 'main.go': 'package main' },
      /^- go\.mod asks for Go 1\.99\.1, .* Go 1\.24/,
    ],
    [
      { 'Cargo.toml': '[package]\nname = "a"\nrust-version = "1.99"\n' },
      /^- Cargo\.toml asks for Rust 1\.99/,
    ],
    [{ 'Cargo.toml': '', 'rust-toolchain.toml': '[toolchain]\nchannel = "1.80"\n' }, /^- -$/],
    [{ 'composer.json': '{"require":{"php":"^8.2"}}' }, /^- -$/],
    [{ 'composer.json': '{"require":{"php":"~8.1.0"}}' }, /^- require\.php of composer\.json asks for PHP/],
  ])('%j: %s', async (files, expected) => {
    expect(await chosen(files)).toMatch(expected)
  })

  it('is not chosen of a recipe that another release has not', async () => {
    const files = { 'package.json': '{}', '.nvmrc': '22\n' }
    expect(await chosen(files, 'debian-12')).toMatch(/^- \.nvmrc asks for Node\.js 22, .* Node\.js 18/)
    expect(await chosen(files, 'alpine-3.22')).toBe('- -')
  })
})

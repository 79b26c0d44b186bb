/**
 * Makes a release, run by `npm run release -- …`:
 *
 *   VERSION      gives the changelog, the package and a tag that version, in one commit; pushes nothing
 *   check TAG    fails unless tag, package, changelog and revision agree
 *   notes TAG    prints what the version changed
 *   files        writes what is published into out/release (scripts/release-files.ts)
 */
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { revisions } from '../packages/temper/src/model/revision.ts'
import { notesOf, releaseChanges } from './changelog.ts'
import { checkRevisions, checkVersion } from './release-check.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const manifestPath = 'packages/temper/package.json'
const [command = '', tag = ''] = process.argv.slice(2)

try {
  if (command === 'check') check(tag)
  else if (command === 'notes') console.log(notesOf(read('CHANGELOG.md'), tag.replace(/^v/, '')))
  else if (command === 'files') await (await import('./release-files.ts')).writeReleaseFiles()
  else prepare(command)
} catch (error) {
  console.error(`release: ${(error as Error).message}`)
  process.exitCode = 1
}

function prepare(version: string): void {
  const before = packageVersion()
  checkVersion(version, before)
  checkRevisions(revisions, before)
  if (git('status', '--porcelain') !== '') throw new Error('commit or put away what is changed first')
  write('CHANGELOG.md', releaseChanges(read('CHANGELOG.md'), version, new Date().toISOString().slice(0, 10)))
  execFileSync('npm', ['version', version, '--workspace', 'packages/temper', '--no-git-tag-version'], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  git('add', 'CHANGELOG.md', manifestPath, 'package-lock.json')
  git('commit', '--message', `Release ${version}`)
  git('tag', '--annotate', `v${version}`, '--message', `Temper ${version}`)
  console.log(`Tagged v${version}. Publish it with: git push --follow-tags`)
}

function check(name: string): void {
  const version = packageVersion()
  if (name !== `v${version}`) throw new Error(`the tag is ${name}, the package says ${version}`)
  notesOf(read('CHANGELOG.md'), version)
  console.log(`${name}: tag, package and changelog agree`)
}

function packageVersion(): string {
  return (JSON.parse(read(manifestPath)) as { version: string }).version
}

function read(path: string): string {
  return readFileSync(join(root, path), 'utf8')
}

function write(path: string, text: string): void {
  writeFileSync(join(root, path), text)
}

function git(...words: string[]): string {
  return execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim()
}

import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import { muslLoader } from '../../formats/elf/musl-loader.ts'
import type { LoaderRules } from '../../model/loader.ts'
import {
  baseSystem,
  buildRoot,
  type FixtureNode,
  library,
  program,
} from '../../model/tree/fixtures/fixture-root.ts'
import { createReach } from './reach.ts'

const recipe = {
  entrypoint: [],
  cmd: [],
  environment: { PATH: '/opt/app/bin:/usr/bin' },
  workDir: '/opt/app',
  volumes: [],
  tests: [],
  hardening: { allow: [] },
}

/** What a command starts, and what is loaded for it. */
function reached(
  command: string,
  files: Readonly<Record<string, FixtureNode | string>>,
  loader: LoaderRules = glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
) {
  const reach = createReach(buildRoot({ ...baseSystem, ...files }), { recipe, loader })
  const start = reach.program(command)
  return start && reach.loaded(start).map(({ path }) => path)
}

describe('what a command reaches', () => {
  const files = {
    'opt/app/bin/server': program(['libz.so.1', 'libgone.so']),
    'opt/app/run.sh': { shebang: ['/bin/sh'], mode: 0o755 },
    'usr/bin/start': '../../opt/app/run.sh',
    'usr/lib/libz.so.1': library('libz.so.1', { needed: ['liby.so.1'] }),
    'usr/lib/liby.so.1': library('liby.so.1', { needed: ['libz.so.1'] }),
    'usr/lib/libother.so': library('libother.so'),
  }

  it.each([
    ['a name in PATH', 'server'],
    ['a path', '/opt/app/bin/server'],
    ['a path from the working folder', 'bin/server'],
  ])('by %s is the program and its libraries, each once', (_, command) => {
    expect(reached(command, files)).toEqual(['opt/app/bin/server', 'usr/lib/libz.so.1', 'usr/lib/liby.so.1'])
  })

  it('is a script alone, where links lead to it', () => {
    expect(reached('start', files)).toEqual(['opt/app/run.sh'])
  })

  it('is nothing where there is no such program', () => {
    expect(reached('none', files)).toBeUndefined()
  })

  it('goes by the list of folders that musl reads', () => {
    const elsewhere = {
      'usr/bin/tool': program(['libx.so']),
      'srv/lib/libx.so': library('libx.so'),
    }
    const list = { 'etc/ld-musl-x86_64.path': { content: '/lib:/srv/lib\n' } }
    expect(reached('tool', elsewhere, muslLoader('amd64'))).toEqual(['usr/bin/tool'])
    expect(reached('tool', { ...elsewhere, ...list }, muslLoader('amd64'))).toEqual([
      'usr/bin/tool',
      'srv/lib/libx.so',
    ])
    expect(reached('tool', { ...elsewhere, 'etc/ld-musl-x86_64.path': {} }, muslLoader('amd64'))).toEqual([
      'usr/bin/tool',
    ])
  })
})

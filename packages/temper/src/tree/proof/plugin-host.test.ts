import { describe, expect, it } from 'vitest'
import { glibcLoader } from '../../formats/elf/glibc-loader.ts'
import type { FileTree } from '../../model/tree/file-tree.ts'
import { buildRoot, library, program } from '../../model/tree/fixtures/fixture-root.ts'
import { createPluginHosts } from './plugin-host.ts'
import { type ElfNode, isElf } from './subject.ts'

const options = {
  loader: glibcLoader('amd64', 'lib/x86_64-linux-gnu'),
  started: new Set(['opt/app/started']),
}

function elfNodesOf(tree: FileTree): ElfNode[] {
  return [...tree.nodes()].filter(isElf)
}

function hostOf(plugin: string, host: string, facts = library('libhost.so')) {
  const root = buildRoot({ [host]: facts, [plugin]: library('plugin.so', { needed: ['libhost.so'] }) })
  const objects = elfNodesOf(root)
  const node = objects.find(({ path }) => path === plugin)
  return node && createPluginHosts(objects, options).find(node, 'libhost.so')?.path
}

describe('the host of a plug-in', () => {
  it.each([
    ['usr/lib/jvm/java-21/lib/libawt.so', 'usr/lib/jvm/java-21/lib/server/libhost.so'],
    ['opt/app/plugins/deep/plugin.so', 'opt/app/lib/libhost.so'],
    ['usr/lib/postgresql/17/lib/plugin.so', 'usr/lib/postgresql/17/lib/libhost.so'],
    ['usr/lib/app/plugin.so', 'usr/lib/app/other-name.so'],
    ['usr/lib/jni/libplugin.so', 'usr/lib/jvm/java-21/lib/libhost.so'],
    ['jni/libplugin.so', 'usr/lib/jvm/java-21/lib/libhost.so'],
    ['usr/lib/x86_64-linux-gnu/jni/libplugin.so', 'usr/lib/jvm/java-21/lib/server/libhost.so'],
  ])('of %s may have loaded %s', (plugin, host) => {
    expect(hostOf(plugin, host)).toBe(host)
  })

  it.each([
    ['usr/lib/jvm/java-21/lib/libawt.so', 'usr/lib/jvm/java-17/lib/libhost.so'],
    ['opt/one/plugin.so', 'opt/two/libhost.so'],
    ['usr/lib/one/plugin.so', 'usr/lib/two/libhost.so'],
    ['one/plugin.so', 'two/libhost.so'],
    ['srv/plugin.so', 'srv/libhost.so'],
    ['usr/lib/jni-tools/libplugin.so', 'usr/lib/jvm/java-21/lib/libhost.so'],
    ['usr/lib/jni/libplugin.so', 'opt/chroot/usr/lib/jvm/java-21/lib/libhost.so'],
  ])('of %s has nothing to do with %s', (plugin, host) => {
    expect(hostOf(plugin, host)).toBeUndefined()
  })

  it.each([
    ['usr/lib/grid/tool.bin', 'usr/lib/grid/libhost.so', true],
    ['usr/lib/grid/tool.bin', 'usr/lib/other/libhost.so', false],
    ['usr/lib/grid/bin/tool', 'usr/lib/grid/bin/libhost.so', false],
    ['usr/lib/grid/binaries/tool', 'usr/lib/grid/binaries/libhost.so', true],
    ['usr/bin/tool', 'usr/bin/libhost.so', false],
    ['bin/tool', 'bin/libhost.so', false],
    ['opt/app/started', 'opt/app/libhost.so', false],
  ])('is for the program %s that a script starts what lies beside it: %s, %s', (path, host, expected) => {
    const root = buildRoot({ [host]: library('libhost.so'), [path]: program(['libhost.so']) })
    const objects = elfNodesOf(root)
    const node = objects.find((object) => object.path === path)
    const library_ = node && createPluginHosts(objects, options).find(node, 'libhost.so')
    expect(library_?.path).toBe(expected ? host : undefined)
  })

  it('is a library: programs cannot be loaded so', () => {
    expect(
      hostOf('opt/app/plugin.so', 'opt/app/libhost.so', program([], { soname: 'libhost.so' })),
    ).toBeUndefined()
  })

  it('is the one of the same application, where several have a library of this name', () => {
    const root = buildRoot({
      'opt/aaa/libhost.so': library('libhost.so'),
      'opt/app/lib/libhost.so': library('libhost.so'),
      'opt/app/plugin.so': library('plugin.so', { needed: ['libhost.so'] }),
      'opt/zzz/libhost.so': library('libhost.so'),
    })
    const objects = elfNodesOf(root)
    const plugin = objects.find(({ path }) => path === 'opt/app/plugin.so')
    const hosts = createPluginHosts(objects, options)
    expect(plugin && hosts.find(plugin, 'libhost.so')?.path).toBe('opt/app/lib/libhost.so')
  })

  it('is none for a program', () => {
    const root = buildRoot({
      'opt/app/bin/run': program(['libhost.so']),
      'opt/app/libhost.so': library('libhost.so'),
    })
    const objects = elfNodesOf(root)
    const run = objects.find(({ path }) => path === 'opt/app/bin/run')
    expect(run && createPluginHosts(objects, options).find(run, 'libhost.so')).toBeUndefined()
  })
})

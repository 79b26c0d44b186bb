import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildElf } from '../../formats/elf/fixtures/fixture-elf.ts'
import type { SampleEntry } from '../../formats/layer/fixtures/sample-image.ts'
import type { ImageConfig } from '../../model/image.ts'
import { parseReference } from '../../oci/reference.ts'
import { writeLayout } from '../assess/fixtures/sample-layout.ts'
import { sampleContext } from '../fixtures/sample-context.ts'
import { interfaceOf } from './interface.ts'
import { compareInterfaces } from './interface-changes.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'temper-interface-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let images = 0
async function read(files: readonly SampleEntry[], settings: NonNullable<ImageConfig['config']> = {}) {
  const place = join(folder, String(images++))
  await writeLayout(place, [files], settings)
  return await interfaceOf({ reference: parseReference(`oci:${place}`) }, sampleContext(folder))
}

const root = { uid: 0, gid: 0 }
const file = (path: string, more: Partial<SampleEntry> = {}): SampleEntry => ({
  path,
  type: 'file',
  mode: 0o755,
  content: '#!/bin/sh\n',
  ...root,
  ...more,
})
const folderAt = (path: string, more: Partial<SampleEntry> = {}): SampleEntry => ({
  path,
  type: 'directory',
  ...root,
  ...more,
})
const library = (path: string, soname: string) =>
  file(path, { content: buildElf({ machine: 62, type: 3, soname }) })
const passwd = file('etc/passwd', { content: 'app:x:1000:1001::/:/bin/false\n' })
const group = file('etc/group', { content: 'web:x:7:app\n' })

describe('what an image offers', () => {
  it('is what can be run, asked for and written by its user', async () => {
    const offers = await read(
      [
        ...[passwd, group, file('usr/bin/run'), file('usr/bin/notes', { mode: 0o644 })],
        { path: 'usr/bin/go', type: 'symlink', target: 'run', ...root },
        { path: 'usr/bin/gone', type: 'symlink', target: 'nowhere', ...root },
        library('usr/lib/x86_64-linux-gnu/libx.so.1', 'libx.so.1'),
        library('usr/lib/x86_64-linux-gnu/app/plugins/p.so', 'p.so'),
        folderAt('data', { uid: 1000 }),
        file('data/own', { uid: 1000 }),
        folderAt('shared', { gid: 7, mode: 0o770 }),
        folderAt('tmp', { mode: 0o1777 }),
        folderAt('srv'),
      ],
      { User: 'app', Env: ['PATH=/usr/bin', 'A=1=2'], ExposedPorts: { '80/tcp': {} } },
    )
    expect(offers).toMatchObject({
      platform: 'linux/amd64',
      user: 'app',
      environment: { A: '1=2' },
      ports: ['80/tcp'],
      commands: ['go', 'run'],
      sonames: ['libx.so.1'],
      writable: ['/data', '/shared', '/tmp'],
    })
  })

  it('is everything to write to for root, and nothing for somebody whom it does not know', async () => {
    expect((await read([folderAt('srv')])).writable).toEqual(['/'])
    expect((await read([folderAt('srv')], { User: 'nobody-here' })).writable).toEqual([])
    expect((await read([folderAt('srv', { gid: 5, mode: 0o775 })], { User: '1000:5' })).writable).toEqual([
      '/srv',
    ])
  })
})

describe('a newer image', () => {
  const whole = [passwd, group, file('usr/bin/run'), folderAt('data', { uid: 1000 })]
  const settings = { User: 'app', Env: ['PATH=/usr/bin:/opt/bin', 'V=1'], ExposedPorts: { '80/tcp': {} } }
  const changes = async (files: readonly SampleEntry[], young: NonNullable<ImageConfig['config']>) =>
    compareInterfaces(await read(whole, settings), await read(files, young))

  it('breaks nothing that has more, or another version in a variable', async () => {
    const more = [...whole, file('usr/bin/more'), library('usr/lib/liby.so.2', 'liby.so.2')]
    const listed = await changes(more, {
      ...settings,
      Env: ['PATH=/opt/bin:/usr/bin:/bin', 'V=2', 'W=1'],
      ExposedPorts: { '80/tcp': {}, '81/tcp': {} },
    })
    expect(listed.every(({ breaks }) => !breaks)).toBe(true)
    expect(listed.map(({ part }) => part)).toEqual([
      'port',
      'command',
      'soname',
      'environment',
      'environment',
      'environment',
    ])
  })

  it.each<[string, readonly SampleEntry[], NonNullable<ImageConfig['config']>]>([
    ['user is root, was app', whole, { ...settings, User: '' }],
    ['entrypoint is ["run"], was []', whole, { ...settings, Entrypoint: ['run'] }],
    ['stop signal is SIGINT, was SIGTERM', whole, { ...settings, StopSignal: 'SIGINT' }],
    ['port 80/tcp is gone', whole, { ...settings, ExposedPorts: {} }],
    ['environment V is gone', whole, { ...settings, Env: ['PATH=/usr/bin:/opt/bin'] }],
    ['PATH is /usr/bin, was /usr/bin:/opt/bin', whole, { ...settings, Env: ['PATH=/usr/bin', 'V=1'] }],
    ['command run is gone', [passwd, group, folderAt('data', { uid: 1000 })], settings],
    ['writable path /data is gone', [passwd, group, file('usr/bin/run'), folderAt('data')], settings],
  ])('breaks: %s', async (what, files, young) => {
    expect((await changes(files, young)).filter(({ breaks }) => breaks).map((each) => each.what)).toContain(
      what,
    )
  })
})

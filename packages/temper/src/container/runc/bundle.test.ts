import { describe, expect, it } from 'vitest'
import type { ContainerSpec } from '../../model/container.ts'
import { type BundleRoot, bundleConfig } from './bundle.ts'

const spec: ContainerSpec = {
  args: ['/usr/bin/app', '--serve'],
  environment: ['PATH=/usr/bin', 'MODE=test'],
  workDir: '/srv',
  user: '65532',
  writable: ['/tmp', '/run/app', '/scratch', '/owned'],
  volumes: ['/data', '/data/more'],
  ports: [],
  timeout: 30,
}

const folders: Readonly<Record<string, { mode: number; uid: number; gid: number }>> = {
  '/tmp': { mode: 0o1777, uid: 0, gid: 0 },
  '/run/app': { mode: 0o700, uid: 65532, gid: 65532 },
  '/owned': { mode: 0o755, uid: 0, gid: 0 },
  '/data': { mode: 0o750, uid: 999, gid: 65532 },
}

const root: BundleRoot = {
  path: '/bundle/rootfs',
  user: { uid: 65532, gid: 65532 },
  hosts: '/bundle/hosts',
  bindings: [],
  hostName: 'temper-test',
  folder: (path) => folders[path],
}

function mounts(changes: Partial<ContainerSpec> = {}): Record<string, string[]> {
  const config = bundleConfig({ ...spec, ...changes }, root) as {
    mounts: { destination: string; options: string[] }[]
  }
  return Object.fromEntries(config.mounts.map(({ destination, options }) => [destination, options]))
}

describe('the configuration of a bundle', () => {
  it('locks the container down', () => {
    expect(bundleConfig({ ...spec, writable: [], volumes: [] }, root)).toMatchSnapshot()
  })

  it('keeps permissions and owners of folders that the user may write to', () => {
    expect(mounts()).toMatchObject({
      '/tmp': ['nosuid', 'nodev', 'mode=1777', 'uid=0', 'gid=0'],
      '/run/app': ['nosuid', 'nodev', 'mode=0700', 'uid=65532', 'gid=65532'],
    })
  })

  it('opens scratch folders that the image lacks, or keeps closed to the user', () => {
    expect(mounts()).toMatchObject({
      '/scratch': ['nosuid', 'nodev', 'mode=1777'],
      '/owned': ['nosuid', 'nodev', 'mode=1777'],
    })
  })

  it('gives volumes what the image has there, and no more rights than that', () => {
    expect(mounts()).toMatchObject({
      '/data': ['nosuid', 'nodev', 'mode=0750', 'uid=999', 'gid=65532', 'tmpcopyup'],
      '/data/more': ['nosuid', 'nodev', 'mode=0755', 'uid=0', 'gid=0', 'tmpcopyup'],
    })
  })

  it('mounts a volume once when it is a scratch folder too', () => {
    const config = bundleConfig({ ...spec, writable: ['/data'], volumes: ['/data'] }, root)
    expect(JSON.stringify(config).split('"/data"')).toHaveLength(2)
  })

  it('mounts outer folders before those in them, and starts in / when the image names no folder', () => {
    const order = Object.keys(mounts({ writable: ['/a/b', '/a'], volumes: ['/a/b/c'] }))
    expect(order.filter((path) => path.startsWith('/a'))).toEqual(['/a', '/a/b', '/a/b/c'])
    expect(bundleConfig({ ...spec, workDir: '' }, root)).toMatchObject({ process: { cwd: '/' } })
  })
})

import type { Effect } from '../../shared/effects/effect.ts'

const folders: readonly (readonly [path: string, mode: number])[] = [
  ['etc', 0o755],
  ['home', 0o755],
  ['root', 0o700],
  ['run', 0o755],
  ['tmp', 0o1777],
  ['usr', 0o755],
  ['var', 0o755],
  ['var/cache', 0o755],
  ['var/lib', 0o755],
  ['var/log', 0o755],
  ['var/tmp', 0o1777],
]

/** The folders that every Debian has. */
export const baseFolders: Effect = {
  id: 'base-folders',
  title: 'Folders that every Debian system has',
  why: 'Programs write to /tmp and /var/tmp and look below /var and /run, and old paths lead to new ones.',
  source: 'Debian Policy 9.1; file system hierarchy standard 3.0; base-files',
  start({ stage, note }) {
    let made = 0
    for (const [path, mode] of folders) {
      if (stage.resolve(path)) continue
      stage.makeDirectory(path, { mode })
      made++
    }
    for (const [path, target] of [
      ['var/run', '/run'],
      ['var/lock', '/run/lock'],
    ] as const) {
      const present = stage.get(path)
      if (present && (present.type !== 'directory' || stage.list(path).length > 0)) continue
      stage.put({ path, type: 'symlink', mode: 0o777, target })
      made++
    }
    stage.makeDirectory('run/lock')
    // World-writable only where it has the sticky bit and a purpose: nothing in an image locks devices.
    if (!stage.get('etc/os-release') && stage.resolve('usr/lib/os-release')) {
      stage.put({ path: 'etc/os-release', type: 'symlink', mode: 0o777, target: '../usr/lib/os-release' })
    }
    note('base-folders', `${made} made`)
    return {
      // Start-up files of shells, log-in records and the message of the day serve people who log in.
      owns: [
        'root/.profile',
        'root/.bashrc',
        'etc/profile',
        'etc/motd',
        'var/log/wtmp',
        'var/log/btmp',
        'var/log/lastlog',
        'var/run',
        'var/lock',
        'run/lock',
        'usr/share/info/**',
      ],
    }
  },
}

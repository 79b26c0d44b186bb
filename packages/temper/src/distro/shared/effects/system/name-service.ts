import type { Effect } from '../effect.ts'

const configuration = `passwd:         files
group:          files
shadow:         files
gshadow:        files

hosts:          files dns
networks:       files

protocols:      db files
services:       db files
ethers:         db files
rpc:            db files

netgroup:       nis
`

/** Where the C library looks names up, when nothing else says so. */
export const nameService: Effect = {
  id: 'name-service',
  title: 'Name service configuration',
  why: 'Without /etc/nsswitch.conf some programs ask the network before /etc/hosts.',
  source: 'nsswitch.conf(5); libc-bin and base-files maintainer scripts',
  start({ stage, note }) {
    return {
      finish: () => {
        if (stage.resolve('etc/nsswitch.conf')) return
        const content =
          stage.content('usr/share/libc-bin/nsswitch.conf') ?? new TextEncoder().encode(configuration)
        stage.put({ path: 'etc/nsswitch.conf', type: 'file', mode: 0o644, content })
        note('name-service', '/etc/nsswitch.conf')
      },
    }
  },
}

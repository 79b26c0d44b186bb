import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'settings', settings: { Volumes: { '/etc': {} } } },
    { title: 'the socket of Docker', settings: { Volumes: { '/var/run/docker.sock': {} } } },
  ],
  kept: [{ title: 'settings of one program', settings: { Volumes: { '/etc/app': {}, '/var/lib/app': {} } } }],
}

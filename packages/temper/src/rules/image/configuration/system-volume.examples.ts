import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'everything', settings: { Volumes: { '/': {} } } },
    { title: 'devices', settings: { Volumes: { '/dev/shm': {} } } },
    { title: 'programs, with a slash', settings: { Volumes: { '/usr/': {} } } },

    { title: 'settings', settings: { Volumes: { '/etc': {} } } },
    { title: 'the socket of Docker', settings: { Volumes: { '/var/run/docker.sock': {} } } },
  ],
  kept: [
    { title: 'a folder that begins so', settings: { Volumes: { '/etcetera': {} } } },
    { title: 'settings of one program', settings: { Volumes: { '/etc/app': {}, '/var/lib/app': {} } } },
  ],
}

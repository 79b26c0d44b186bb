import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'processes', settings: { WorkingDir: '/proc/self' } },
    { title: 'devices', settings: { WorkingDir: '/dev' } },
    { title: 'a relative one', settings: { WorkingDir: 'home/app' } },
  ],
  kept: [
    { title: 'a folder that begins so', settings: { WorkingDir: '/processes' } },
    { title: 'none', settings: { WorkingDir: '' } },
    { title: 'the root', settings: { WorkingDir: '/' } },
  ],
}

import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'one that cannot be caught', settings: { StopSignal: 'SIGKILL' } },
    { title: 'one that does not exist', settings: { StopSignal: 'SIGSTOPPED' } },
  ],
  kept: [
    { title: 'that of systemd', settings: { StopSignal: 'SIGRTMIN+3' } },
    { title: 'a number', settings: { StopSignal: '15' } },
  ],
}

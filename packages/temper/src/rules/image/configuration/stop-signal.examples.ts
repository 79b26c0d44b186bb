import type { Examples } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'STOPSIGNAL 9', settings: { StopSignal: '9' } },
    { title: 'STOPSIGNAL 0', settings: { StopSignal: '0' } },
    { title: 'STOPSIGNAL 65', settings: { StopSignal: '65' } },
    { title: 'STOPSIGNAL SIG15', settings: { StopSignal: 'SIG15' } },
    { title: 'STOPSIGNAL SIG', settings: { StopSignal: 'SIG' } },
    { title: 'STOPSIGNAL sigkill', settings: { StopSignal: 'sigkill' } },

    { title: 'one that cannot be caught', settings: { StopSignal: 'SIGKILL' } },
    { title: 'one that does not exist', settings: { StopSignal: 'SIGSTOPPED' } },
  ],
  kept: [
    { title: 'STOPSIGNAL 64', settings: { StopSignal: '64' } },
    { title: 'STOPSIGNAL sigterm', settings: { StopSignal: 'sigterm' } },
    { title: 'STOPSIGNAL TERM', settings: { StopSignal: 'TERM' } },
    { title: 'STOPSIGNAL SIGRTMAX-2', settings: { StopSignal: 'SIGRTMAX-2' } },
    { title: 'STOPSIGNAL RTMIN', settings: { StopSignal: 'RTMIN' } },

    { title: 'that of systemd', settings: { StopSignal: 'SIGRTMIN+3' } },
    { title: 'a number', settings: { StopSignal: '15' } },
  ],
}

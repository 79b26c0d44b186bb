import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'rsyslog', files: [program('usr/sbin/rsyslogd', plainProgram)] }],
  kept: [
    {
      title: 'a program that is only called nearly so',
      files: [program('usr/sbin/rsyslog-query', plainProgram)],
    },
  ],
}

import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'sshd', files: [program('usr/sbin/sshd', plainProgram)] }],
  kept: [{ title: 'the same name among data', files: [program('srv/www/sshd', plainProgram)] }],
}

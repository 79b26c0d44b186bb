import { type Examples, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'the supervisor of s6', files: [program('usr/bin/s6-svscan', plainProgram)] }],
  kept: [{ title: 'tini, which starts one program', files: [program('usr/bin/tini', plainProgram)] }],
}

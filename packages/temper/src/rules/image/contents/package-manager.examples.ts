import { type Examples, file, program } from '../example.ts'
import { plainProgram } from '../plain-image.ts'

export const examples: Examples = {
  broken: [{ title: 'apk', files: [program('usr/bin/apk', plainProgram)] }],
  kept: [
    {
      title: 'the record of packages, which scanners read',
      files: [
        file(
          'var/lib/dpkg/status',
          'Package: app\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n',
        ),
      ],
    },
    { title: 'a program that is only called nearly so', files: [program('usr/bin/apropos', plainProgram)] },
  ],
}

import { type Examples, file } from '../example.ts'

const record = file('var/lib/dpkg/status.d/app', 'Package: app\nVersion: 1\nArchitecture: all\n')

export const examples: Examples = {
  broken: [{ title: 'a manual', files: [file('usr/share/man/man1/app.1')] }],
  kept: [{ title: 'a copyright file, which is owed', files: [file('usr/share/doc/app/copyright'), record] }],
}

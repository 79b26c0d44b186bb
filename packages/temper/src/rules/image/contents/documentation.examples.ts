import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a manual', files: [file('usr/share/man/man1/app.1')] }],
  kept: [{ title: 'a copyright file, which is owed', files: [file('usr/share/doc/app/copyright')] }],
}

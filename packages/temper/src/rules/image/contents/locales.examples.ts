import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a translation', files: [file('usr/share/locale/de/LC_MESSAGES/app.mo')] }],
  kept: [{ title: 'the C locale', files: [file('usr/lib/locale/C.utf8/LC_CTYPE')] }],
}

import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a header', files: [file('usr/include/zlib.h')] }],
  kept: [{ title: 'a header among data', files: [file('srv/www/zlib.h')] }],
}

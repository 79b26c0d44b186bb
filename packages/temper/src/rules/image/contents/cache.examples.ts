import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'what a package manager fetched', files: [file('var/cache/apk/APKINDEX.tar')] }],
  kept: [{ title: 'an empty folder', files: [folder('var/cache/app')] }],
}

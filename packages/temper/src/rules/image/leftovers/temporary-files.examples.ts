import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'an archive in /tmp', files: [file('tmp/app.tar.gz')] }],
  kept: [{ title: 'an empty folder in /tmp', files: [folder('tmp/app', { mode: 0o700 })] }],
}

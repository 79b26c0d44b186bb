import { type Examples, file, folder } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'one in /var/tmp', files: [file('var/tmp/x', 'x')] },
    { title: 'one in shared memory', files: [file('dev/shm/x', 'x')] },
    { title: 'an archive in /tmp', files: [file('tmp/app.tar.gz')] },
  ],
  kept: [
    { title: 'a folder that begins so', files: [file('tmpfiles/x', 'x')] },
    { title: 'an empty folder in /tmp', files: [folder('tmp/app', { mode: 0o700 })] },
  ],
}

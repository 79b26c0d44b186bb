import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'keys of people', files: [file('root/.ssh/authorized_keys', 'ssh-ed25519 AAAA me\n')] }],
  kept: [
    { title: 'an empty file', files: [file('root/.ssh/authorized_keys', '')] },
    { title: 'whom to know', files: [file('root/.ssh/known_hosts', 'example ssh-ed25519 AAAA\n')] },
  ],
}

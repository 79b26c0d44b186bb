import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a key', files: [file('etc/ssh/ssh_host_ed25519_key', 'x', { mode: 0o600 })] }],
  kept: [
    { title: 'its public half', files: [file('etc/ssh/ssh_host_ed25519_key.pub', 'x', { mode: 0o600 })] },
  ],
}

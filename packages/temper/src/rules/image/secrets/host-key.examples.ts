import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'that of Dropbear', files: [file('etc/dropbear/dropbear_rsa_host_key', 'x', { mode: 0o600 })] },
    { title: 'a key', files: [file('etc/ssh/ssh_host_ed25519_key', 'x', { mode: 0o600 })] },
  ],
  kept: [
    { title: 'one in another folder', files: [file('srv/ssh_host_rsa_key', 'x', { mode: 0o600 })] },

    { title: 'its public half', files: [file('etc/ssh/ssh_host_ed25519_key.pub', 'x', { mode: 0o600 })] },
  ],
}

import { type Examples, file } from '../example.ts'

const attribute = (name: string) => ({ ...file('srv/data', 'x'), xattrs: { [name]: 'AgAAAAEABgD/////' } })

export const examples: Examples = {
  broken: [{ title: 'a list for one more user', files: [attribute('system.posix_acl_access')] }],
  kept: [{ title: 'a note of a program', files: [attribute('user.comment')] }],
}

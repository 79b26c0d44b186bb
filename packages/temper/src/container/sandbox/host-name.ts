/** What programs in a sandbox are told that the machine is called: some write it into what they make. */
export const sandboxHost = 'temper-build'

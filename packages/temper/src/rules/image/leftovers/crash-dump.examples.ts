import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [{ title: 'a heap of Java', files: [file('srv/java_pid1.hprof')] }],
  kept: [{ title: 'a folder of code that is called core', files: [file('srv/core/index.js')] }],
}

import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'of the kernel', files: [file('srv/core.123', 'x')] },
    { title: 'of the JVM', files: [file('srv/hs_err_pid7.log', 'x')] },
    { title: 'of Ubuntu', files: [file('var/crash/app.crash', 'x')] },
    { title: 'a heap of Java', files: [file('srv/java_pid1.hprof')] },
  ],
  kept: [
    { title: 'a file that is called so', files: [file('srv/core.txt', 'x')] },
    { title: 'a file that ends so', files: [file('srv/score', 'x')] },
    { title: 'a folder of code that is called core', files: [file('srv/core/index.js')] },
  ],
}

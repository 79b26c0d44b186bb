import { type Examples, file } from '../example.ts'

export const examples: Examples = {
  broken: [
    { title: 'of an editor', files: [file('srv/app/main.js~', 'x')] },
    { title: 'of vim', files: [file('srv/app/.main.js.swp', 'x')] },
    { title: 'of dpkg', files: [file('etc/app.conf.dpkg-old', 'x')] },
    { title: 'of rpm', files: [file('etc/app.conf.rpmsave', 'x')] },
    { title: 'of apk', files: [file('etc/app.conf.apk-new', 'x')] },
    { title: 'the accounts of before', files: [file('etc/passwd-', 'root:x:0:0::/:/bin/false\n')] },
  ],
  kept: [
    { title: 'a name with it in front', files: [file('srv/bak.txt', 'x')] },

    { title: 'a name that ends nearly so', files: [file('srv/www/orig', 'x'), file('srv/www/a-', 'x')] },
  ],
}

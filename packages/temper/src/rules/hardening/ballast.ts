import type { Ballast } from './ballast-kind.ts'
import { languageShapes } from './languages.ts'

export type { Ballast } from './ballast-kind.ts'

const documentation: Ballast = { reason: 'documentation', rule: 'documentation' }
const locales: Ballast = { reason: 'locales', rule: 'locales' }
const compiling: Ballast = { reason: 'compiler material', rule: 'compiler' }
const debugging: Ballast = { reason: 'debugger material', rule: 'compiler' }
const packaging: Ballast = { reason: 'package manager', rule: 'package-manager' }
const helper: Ballast = { reason: 'package helper', rule: 'ballast' }
const service: Ballast = { reason: 'service manager', rule: 'ballast' }
const schedule: Ballast = { reason: 'scheduled job', rule: 'ballast' }
const host: Ballast = { reason: 'host configuration', rule: 'ballast' }
const desktop: Ballast = { reason: 'desktop', rule: 'ballast' }
const editor: Ballast = { reason: 'editor support', rule: 'ballast' }
const shellStart: Ballast = { reason: 'shell configuration', rule: 'shell' }
const cache: Ballast = { reason: 'cache', rule: 'cache', filesOnly: true }
const log: Ballast = { reason: 'log', rule: 'log', filesOnly: true }

/** Paths in the image (usr-merge done): the folder or file itself with everything below. */
const table: readonly (readonly [Ballast, string])[] = [
  [
    documentation,
    'usr/share/{doc,man,info,doc-base,gtk-doc,help,omf,gnome/help,lintian} usr/local/{man,share/man,share/doc} etc/alternatives/README',
  ],
  [locales, 'usr/share/{locale,locale-langpack,i18n}'],
  [
    compiling,
    'usr/include usr/local/include usr/src usr/share/{aclocal,pkgconfig,cmake,gir-1.0,vala,build-essential,gettext,swig,autoconf,automake,libtool} usr/lib/{pkgconfig,cmake,gcc,gcc-cross,gold-ld,compat-ld,bfd-plugins,rustlib,go} usr/libexec/{gcc,gcc-cross} usr/lib/tclConfig.sh usr/lib/tkConfig.sh',
  ],
  [
    debugging,
    'usr/lib/debug usr/share/{gdb,lldb,gcc,valgrind,perf-core,systemtap} usr/lib/{perf-core,valgrind} etc/gdb etc/gprofng.rc etc/debuginfod',
  ],
  [
    packaging,
    'etc/{apt,dpkg} usr/lib/{apt,dpkg} usr/libexec/{apt,dpkg} usr/share/{apt,dpkg,python-wheels,nodejs/npm,nodejs/corepack} usr/lib/node_modules/{npm,corepack} usr/lib/python3/dist-packages/{pip,apt} var/lib/{apt,dpkg,aptitude} var/cache/{apt,debconf} var/log/apt',
  ],
  [
    helper,
    'etc/{debconf.conf,ucf.conf,adduser.conf,deluser.conf,adduser.conf.update-old,kernel,initramfs-tools,update-motd.d,needrestart,reportbug.conf} usr/share/{debconf,bug,apport,debhelper,pam-configs,initramfs-tools,reportbug,binfmts,package-lists,base-files,base-passwd,adduser,ucf,debianutils,menu,sensible-utils,installed-tests,perl5/Debian,perl5/Debconf} usr/lib/{man-db,ucf} var/lib/{ucf,man-db} var/cache/man',
  ],
  [
    service,
    'etc/{init.d,init,default,rc0.d,rc1.d,rc2.d,rc3.d,rc4.d,rc5.d,rc6.d,rcS.d,systemd,tmpfiles.d,sysusers.d,xdg/systemd,xdg/autostart} usr/lib/{systemd,tmpfiles.d,sysusers.d,environment.d,init,lsb,user-tmpfiles.d} usr/share/{systemd,upstart,user-tmpfiles.d} var/lib/systemd',
  ],
  [
    schedule,
    'etc/{cron.d,cron.daily,cron.hourly,cron.weekly,cron.monthly,cron.yearly,crontab,anacrontab,logrotate.d,logrotate.conf,logcheck} var/spool/cron',
  ],
  [
    host,
    'etc/{apparmor.d,apparmor,selinux,ufw,udev,modprobe.d,modules-load.d,sysctl.d,sysctl.conf,binfmt.d,network,NetworkManager,dhcp,ppp,resolvconf,polkit-1,rsyslog.d,fail2ban,grub.d,insserv.conf.d} usr/lib/{udev,modprobe.d,modules-load.d,sysctl.d,binfmt.d,policykit-1,polkit-1,kernel,dracut} usr/share/{apparmor,polkit-1,selinux}',
  ],
  [
    desktop,
    'usr/share/{applications,application-registry,icons,pixmaps,metainfo,appdata,app-install,thumbnailers,themes,sounds,xsessions,wayland-sessions,gnome-shell,kde4,kservices5}',
  ],
  [editor, 'usr/share/{vim/addons,vim/registry,emacs/site-lisp,xemacs21,nano} etc/emacs'],
  [
    shellStart,
    'etc/{bash.bashrc,bash_completion.d,bash_completion,profile,profile.d,skel,zsh,fish,shells,csh.cshrc,csh.login} usr/share/{bash-completion,zsh,fish}',
  ],
  [cache, 'var/cache root/.cache'],
  [log, 'var/log'],
]

const folders = new Map<string, Ballast>()
for (const [ballast, text] of table) for (const path of expand(text)) folders.set(path, ballast)

/** By the shape of the path, where no folder says it. */
const shapes: readonly (readonly [RegExp, Ballast])[] = [
  [/^usr\/(local\/)?lib\/.*\.(a|la|o)$/, { reason: 'static library', rule: 'compiler' }],
  [/^usr\/lib\/([^/]+\/)?(pkgconfig|cmake|ldscripts|bfd-plugins)(\/|$)/, compiling],
  [/^usr\/lib\/(postgresql\/[^/]+\/lib\/pgxs|[^/]+\/perl\/[^/]+\/CORE|go-[^/]+)(\/|$)/, compiling],
  [/\/man\/(.+\/)?man\d(\/|$)|^usr\/(lib\/jvm|share\/postgresql)\/[^/]+\/man(\/|$)/, documentation],
  [/^etc\/.+\/README(\.[a-z]+)?$/, documentation],
  [/^usr\/lib\/python3[^/]*\/ensurepip(\/|$)|^usr\/lib\/python3\/dist-packages\/pip-[^/]+(\/|$)/, packaging],
]

/** Copyright files are owed to the authors, and so is a doc folder that is a link to another's. */
const owed = /^usr\/share\/doc\/[^/]+\/copyright$/
const docFolder = /^usr\/share\/doc\/[^/]+$/

/** The entry's kind of ballast by its path, or undefined when it belongs in an image. */
export function ballastOf(path: string, type: string): Ballast | undefined {
  const ballast = folderBallast(path) ?? shapeBallast(path)
  if (!ballast) return undefined
  if (ballast.filesOnly && type === 'directory') return undefined
  if (ballast === documentation && path.startsWith('usr/share/doc')) {
    if (owed.test(path) || (type === 'symlink' && docFolder.test(path))) return undefined
  }
  return ballast
}

function shapeBallast(path: string): Ballast | undefined {
  return (
    shapes.find(([shape]) => shape.test(path))?.[1] ?? languageShapes.find(([shape]) => shape.test(path))?.[1]
  )
}

/** The entry of the table for the longest folder that holds the path. */
function folderBallast(path: string): Ballast | undefined {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
    const ballast = folders.get(path.slice(0, end))
    if (ballast) return ballast
  }
  return undefined
}

/** "usr/share/{doc,man} etc/x" → each path. */
function expand(text: string): string[] {
  return text.split(' ').flatMap((pattern) => {
    const [before = '', inside, after = ''] = pattern.split(/[{}]/)
    return inside === undefined ? [before] : inside.split(',').map((name) => `${before}${name}${after}`)
  })
}

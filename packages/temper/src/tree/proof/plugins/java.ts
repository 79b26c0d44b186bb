import { type PluginCheck, requirePlugin } from '../plugin.ts'
import { resolveFile } from '../subject.ts'

/** Files that the java launcher opens by name: its list of virtual machines, the machine, and the classes. */
const opened = ['lib/jvm.cfg', 'lib/server/libjvm.so', 'lib/modules']

/** Java runtimes in the folders of Debian and of other vendors' packages. */
export const java: PluginCheck = {
  id: 'java',
  reads: () => false,
  *check(subject) {
    for (const name of subject.root.list('usr/lib/jvm')) {
      const home = `usr/lib/jvm/${name}`
      const launcher =
        subject.root.get(home)?.type === 'directory'
          ? resolveFile(subject.root, `${home}/bin/java`)
          : undefined
      // Java 8 and older keep these elsewhere.
      if (!launcher || subject.root.get(`${home}/jre`) || subject.root.get(`${home}/lib/rt.jar`)) continue
      for (const file of opened) {
        yield* requirePlugin(subject, { node: launcher, name: file, candidates: [`${home}/${file}`] })
      }
    }
  },
}

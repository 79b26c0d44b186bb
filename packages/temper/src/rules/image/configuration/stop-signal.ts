import { imageRule } from '../rule.ts'

/** Signals that Linux has on every platform (signal(7)). */
const signals: ReadonlySet<string> = new Set(
  (
    'HUP INT QUIT ILL TRAP ABRT BUS FPE USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT TSTP TTIN TTOU URG XCPU XFSZ ' +
    'VTALRM PROF WINCH IO POLL PWR SYS'
  ).split(' '),
)

export const stopSignal = imageRule({
  id: 'stop-signal',
  title: 'It can be asked to stop',
  why: 'A program that is killed immediately loses the work in progress. A signal that does not exist stops nothing.',
  fix: 'name the signal that ends the program: STOPSIGNAL SIGTERM',
  level: 'warning',
  aspect: 'policy',
  tier: 'hardened',
  setting: 'stop-signal',
  needs: ['image'],
  *check({ image }) {
    const text = image.settings.StopSignal ?? ''
    if (text === '') return
    const name = text.toUpperCase().replace(/^SIG/, '')
    const isNumber = /^\d/.test(text)
    const known = isNumber ? isSignal(text) : !/^\d/.test(name) && isSignal(name)
    const fault =
      name === 'KILL' || text === '9' ? 'it cannot be caught' : known ? undefined : 'there is no such signal'
    if (fault !== undefined)
      yield {
        place: { kind: 'whole' },
        subject: 'STOPSIGNAL',
        found: `STOPSIGNAL is ${text.slice(0, 40)}: ${fault}`,
      }
  },
})

/** Numbers to 64, and real-time signals: "RTMIN+3" is what systemd stops at. */
function isSignal(name: string): boolean {
  if (/^\d{1,2}$/.test(name)) return Number(name) >= 1 && Number(name) <= 64
  return signals.has(name) || /^RTM(?:IN(?:\+\d{1,2})?|AX(?:-\d{1,2})?)$/.test(name)
}

import type { SubjectImage } from './subject.ts'

/** A port that an image names, as it writes it. */
export interface ExposedPort {
  readonly text: string
  /** Absent when the text is not a port. */
  readonly number?: number
}

export function exposedPorts({ ExposedPorts }: SubjectImage['settings']): ExposedPort[] {
  return Object.keys(ExposedPorts ?? {}).map((text) => {
    const number = Number(/^(\d{1,5})(?:\/(?:tcp|udp|sctp))?$/.exec(text)?.[1] ?? 0)
    return { text: text.slice(0, 40), ...(number >= 1 && number <= 65535 ? { number } : {}) }
  })
}

import type { OrderNames } from '../../shared/effects/order.ts'
import { controlData } from '../archive/control.ts'

/** The names that decide the order in which dpkg would configure packages. */
export const orderNames: OrderNames = {
  needs({ content }) {
    const { control } = controlData(content)
    const fields = [control['Pre-Depends'] ?? '', control['Depends'] ?? '']
    return fields.flatMap((field) => field.split(/[,|]/)).flatMap(nameOf)
  },
  gives: ({ content }) => (controlData(content).control['Provides'] ?? '').split(',').flatMap(nameOf),
}

function nameOf(clause: string): readonly string[] {
  const name = /^\s*([a-z0-9][a-z0-9+.-]*)/.exec(clause)?.[1]
  return name === undefined ? [] : [name]
}

import { SaxesParser } from 'saxes'
import { TemperError } from '../../../base/error.ts'

export interface XmlElement {
  /** Name of the element, without prefix. */
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlElement[]
  /** All text directly in the element. */
  readonly text: string
}

interface Open extends XmlElement {
  children: Open[]
  text: string
}

const depthLimit = 200
const elementLimit = 5_000_000

/**
 * Reads XML 1.0 into a tree. No document type is allowed, and so no entities except the five of XML; depth and number
 * of elements are bounded. Throws `bad-sbom` with line and column, `limit-exceeded`.
 */
export function parseXml(text: string, what: string): XmlElement {
  const parser = new SaxesParser<{ xmlns: false; position: true }>({ xmlns: false, position: true })
  const stack: Open[] = []
  let root: Open | undefined
  let elements = 0
  const fail = (reason: string) => {
    throw new TemperError('bad-sbom', `${what}, line ${parser.line}, column ${parser.column}: ${reason}`)
  }
  parser.on('error', (error) => fail(error.message.replace(/^\d+:\d+: /, '')))
  parser.on('doctype', () => fail('a document type is not allowed, nor the entities it could declare'))
  parser.on('opentag', ({ name, attributes }) => {
    if (stack.length >= depthLimit || ++elements > elementLimit)
      throw new TemperError(
        'limit-exceeded',
        `${what}: more than ${elementLimit} elements, or nested deeper than ${depthLimit} levels`,
      )
    const element: Open = { name: name.slice(name.indexOf(':') + 1), attributes, children: [], text: '' }
    stack.at(-1)?.children.push(element)
    root ??= element
    stack.push(element)
  })
  parser.on('closetag', () => void stack.pop())
  const add = (more: string) => {
    const open = stack.at(-1)
    if (open !== undefined) open.text += more
  }
  parser.on('text', add)
  parser.on('cdata', add)
  parser.write(text).close()
  return root ?? fail('it has no element')
}

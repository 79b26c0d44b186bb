/** Seconds until a command is typed, until its output is there, and that the whole stays. */
const pace = { type: 1.2, output: 0.6, read: 2.5 }
const size = { line: 19, column: 8.4, font: 14, margin: 18, top: 44 }

/** What begins a code of a terminal (ECMA-48, control sequence introducer). */
const introducer = '\u001b['
const codes = new RegExp(`(${introducer.replace('[', '\\[')}\\d+m)`)

const colours: Readonly<Record<string, string>> = { '31': '#ff7b72', '32': '#7ee787', '33': '#e3b341' }

/** Commands and what they printed, with the codes for bold, dim, red, green and yellow, as a terminal in SVG. */
export function terminalSvg(
  shots: readonly { readonly command: string; readonly output: string }[],
  { columns }: { readonly columns: number },
): string {
  const lines: string[] = []
  let row = 0
  let time = 0.3
  const put = (content: string, at: number) => {
    const y = size.top + row++ * size.line
    lines.push(`<text y="${y}" style="animation-delay:${at.toFixed(1)}s">${content}</text>`)
  }
  for (const { command, output } of shots) {
    put(`<tspan fill="#7ee787">$</tspan> <tspan font-weight="bold">${escaped(command)}</tspan>`, time)
    time += pace.type
    for (const line of output.split('\n')) put(spans(line), time)
    time += pace.output + pace.read
    row++
  }
  const width = Math.ceil(columns * size.column + 2 * size.margin)
  const height = size.top + row * size.line
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${escaped(shots.map(({ command }) => command).join('; '))}">
<style>
text { font: ${size.font}px ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; fill: #e6edf3; white-space: pre; opacity: 0; animation: show 0.2s forwards }
@keyframes show { to { opacity: 1 } }
@media (prefers-reduced-motion: reduce) { text { animation: none; opacity: 1 } }
@media print { text { animation: none; opacity: 1 } }
</style>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<circle cx="20" cy="16" r="5" fill="#ff5f57"/><circle cx="38" cy="16" r="5" fill="#febc2e"/><circle cx="56" cy="16" r="5" fill="#28c840"/>
<g transform="translate(${size.margin} 0)">
${lines.join('\n')}
</g>
</svg>
`
}

/** A line with codes of colours as spans. */
function spans(line: string): string {
  let style = { fill: '', bold: false, dim: false }
  return line
    .split(codes)
    .map((part) => {
      const code = part.startsWith(introducer) ? part.slice(2, -1) : undefined
      if (code === undefined) return part === '' ? '' : span(part, style)
      if (code === '1') style = { ...style, bold: true }
      else if (code === '2') style = { ...style, dim: true }
      else if (code === '22') style = { ...style, bold: false, dim: false }
      else style = { ...style, fill: colours[code] ?? '' }
      return ''
    })
    .join('')
}

function span(text: string, { fill, bold, dim }: { fill: string; bold: boolean; dim: boolean }): string {
  const attributes = [
    ...(fill === '' && !dim ? [] : [` fill="${fill === '' ? '#8b949e' : fill}"`]),
    ...(bold ? [' font-weight="bold"'] : []),
  ].join('')
  return attributes === '' ? escaped(text) : `<tspan${attributes}>${escaped(text)}</tspan>`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

import { aspectTitles } from '../../../model/assess/assessment.ts'
import { flagOption } from '../../options/option.ts'
import type { CommandDefinition } from '../../program/command.ts'
import { table } from '../../report/table.ts'
import { wrap } from '../../report/wrap.ts'

export const command: CommandDefinition = {
  name: 'rules',
  summary: 'list the rules that images are checked against: what each states, why, and what to do',
  configure: (command) => {
    command.argument('[rule...]', 'only these')
  },
  examples: [
    { command: 'temper rules', does: 'one rule per line, with the tier that requires it' },
    { command: 'temper rules setuid shell --verbose', does: 'why, and what to do' },
    { command: "temper rules --json | jq -r '.rules[].id'", does: 'for scripts' },
  ],
  run: async ({ args, options, host }) => {
    const named = new Set(args.filter((each) => each !== undefined))
    const [{ TemperError }, { ruleControls }, { ruleJson }, { imageRules }] = await Promise.all([
      import('../../../base/error.ts'),
      import('../../../compliance/rule-controls.ts'),
      import('../../../report/assessment/json.ts'),
      import('../../../rules/image/rules.ts'),
    ])
    const unknown = [...named].find((name) => !imageRules.some(({ id }) => id === name))
    if (unknown !== undefined)
      throw new TemperError('not-found', `There is no rule "${unknown.slice(0, 80)}"`)
    const controls = ruleControls()
    const rules = imageRules
      .filter(({ id }) => named.size === 0 || named.has(id))
      .map((rule) => ({ ...rule, controls: [...rule.controls, ...(controls.get(rule.id) ?? [])] }))
    const columns = host.stdout.isTerminal ? Math.min(80, Math.max(40, host.stdout.columns())) : 80
    const verbose = flagOption(options, 'verbose') || named.size > 0
    return {
      json: { rules: rules.map(ruleJson) },
      text: (style) => {
        if (!verbose) return table(rules.map(({ id, tier, level, title }) => [id, tier, level, title]))
        const paragraph = (text: string) => wrap(text.split(' '), { columns, indent: '  ', separator: ' ' })
        return rules
          .map(({ id, title, why, fix, level, aspect, tier, controls }) => {
            const known = controls.map((control) => `${control.framework} ${control.id}`)
            return [
              `${style.bold(id)}: ${title}\n`,
              `  ${level}, asked for from ${tier}, ${aspectTitles[aspect]}\n`,
              paragraph(why),
              paragraph(`To do: ${fix}.`),
              ...(known.length === 0 ? [] : [paragraph(`Evidence for ${known.join(', ')}.`)]),
            ].join('')
          })
          .join('\n')
      },
    }
  },
}

import { expect, test } from 'vitest'
import { bindingXml } from '../support/lab-host.ts'
import { sluice } from '../support/sluice.ts'

const SPOOFED = 'ffffffffffff525400000099080600010800060400015254000000990a0000010000000000000a000002'
const OWN = SPOOFED.replaceAll('525400000099', '525400000010')
const FILTER = `<filter name='web' chain='root'>
  <filterref filter='no-mac-spoofing'/>
  <rule action='drop' direction='in'><arp opcode='Request'/></rule>
</filter>`
const request = (more: object = {}) => ({
  id: 7,
  filters: [FILTER],
  bindings: [bindingXml('web')],
  frames: [
    { portDevice: 'vnet0', direction: 'out', hex: SPOOFED },
    { portDevice: 'vnet0', direction: 'in', hex: OWN },
    {
      portDevice: 'vnet0',
      direction: 'out',
      hex: SPOOFED.replace('0806', '88b5').replaceAll('525400000099', '525400000010'),
    },
  ],
  ...more,
})
const answers = (...requests: readonly (object | string)[]) => {
  const input = requests.map((one) => `${typeof one === 'string' ? one : JSON.stringify(one)}\n`).join('')
  const { status, stdout, stderr } = sluice(['trace', '--jsonl'], { input })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
}

test.each(['rules', 'ebiptables', 'nftables'])('says what happens and which rule decides, over %s', (over) => {
  const [answer] = answers(request({ over }))
  expect(answer).toMatchObject({ id: 7, ok: true })
  expect(answer.verdicts.map(({ verdict }: { verdict: string }) => verdict)).toEqual(['drop', 'drop', 'accept'])
  expect(answer.verdicts[0].by).toMatchObject({ filter: 'no-mac-spoofing' })
  expect(answer.verdicts[1].by).toEqual({
    filter: 'web',
    line: 3,
    text: `<rule action='drop' direction='in'><arp opcode='Request'/></rule>`,
  })
  expect(answer.verdicts[0].steps.length).toBeGreaterThan(1)
})

test('answers line by line, in order, also those that cannot be read', () => {
  const [first, second, third, fourth, fifth] = answers(
    '{',
    request({ id: 'a', frames: [{ portDevice: 'vnet0', direction: 'up', hex: '' }] }),
    request({ id: 'b', over: 'iptables' }),
    request({ id: 'c', filters: [FILTER.replace('no-mac', 'no-such')] }),
    request({ id: 'd', frames: [] }),
  )
  expect(first).toMatchObject({ id: null, ok: false, verdicts: [], diagnostics: [{ code: 'NWF138' }] })
  expect(second.diagnostics[0].message).toContain('Frame 1 cannot be read: direction is in or out')
  expect(third.diagnostics[0].message).toContain('over is one of rules, ebiptables, nftables')
  expect(fourth).toMatchObject({ id: 'c', ok: false, verdicts: [] })
  expect(fourth.diagnostics[0]).toMatchObject({ code: 'NWF202', source: 'filter:web', line: 2 })
  expect(fifth).toMatchObject({ id: 'd', ok: true, verdicts: [] })
})

test('without --jsonl it says how it is used', () => {
  const { status, stderr } = sluice(['trace'])
  expect(status).toBe(2)
  expect(stderr).toContain('--jsonl')
})

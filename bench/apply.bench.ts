import { builtinFilters, compileCommands, type Filter, parseBinding, parseFilter } from '#engine'
import { run as runProgram } from '../agent/exec/run.ts'
import { bindingXml, desire, GUEST, openLabHost } from '../tests/support/lab-host.ts'
import { type Bench, compared, median, time } from './bench.ts'

const ROUNDS = 15

/** How long one NIC takes: our single transaction, beside the commands that libvirt runs one after another. */
export const run: Bench = async (print) => {
  const labHost = await openLabHost()
  try {
    const ours: number[] = []
    const theirs: number[] = []
    const commands = commandsOfCleanTraffic()
    for (let round = 0; round < ROUNDS; round += 1) {
      // Another address each time, so that there is something to change.
      const wanted = desire('clean-traffic', { IP: `192.0.2.${100 + round}` })
      ours.push(await time(() => labHost.host.install(wanted)))
      await labHost.host.install({ filters: [], bindings: [], clear: [GUEST.portDevice] })
      theirs.push(
        await time(async () => {
          for (const command of commands) await runProgram([...command], { enter: labHost.enter })
        }),
      )
      for (const clear of ['-F', '-X']) await runProgram(['ebtables', '-t', 'nat', clear], { enter: labHost.enter })
    }
    const against = `libvirt's ${commands.length} commands, ${median(theirs).toFixed(0)} ms`
    print(compared('apply clean-traffic to a NIC, read back', median(ours), 'ms', against, median(theirs)))
  } finally {
    labHost.close()
  }
}

function commandsOfCleanTraffic() {
  const filters = new Map<string, Filter>()
  for (const { name, xml } of builtinFilters) {
    const { value } = parseFilter(xml, name)
    if (value !== undefined) filters.set(name, value)
  }
  const binding = parseBinding(bindingXml('clean-traffic', { IP: GUEST.ip }), 'binding').value
  if (binding === undefined) throw new Error('the binding cannot be read')
  return compileCommands({ filters, binding, dialect: 'libvirt' }).value ?? []
}

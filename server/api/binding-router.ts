import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { encodeBinding, hasErrors, parseBinding } from '#engine'
import { deleteBinding, findBinding, listBindings, saveBinding } from '../store/bindings.ts'
import { forgetCatalog } from './catalog.ts'
import { describeDiagnostic } from './describe-diagnostic.ts'
import { procedure, Refusal, router } from './trpc.ts'

const NOWHERE = { start: 0, end: 0 }
/** What Linux takes as the name of a network device. */
const portDevice = z.string().regex(/^[A-Za-z0-9_.][A-Za-z0-9_.:-]{0,14}$/)

export const bindingRouter = router({
  list: procedure.query(async () => (await listBindings()).map(({ portDevice, version }) => ({ portDevice, version }))),
  get: procedure.input(z.object({ portDevice })).query(async ({ input }) => {
    const row = await findBinding(input.portDevice)
    if (row === null) throw new TRPCError({ code: 'NOT_FOUND', message: `No binding for ${input.portDevice}.` })
    return { portDevice: row.portDevice, xml: row.xml, version: row.version }
  }),
  /** Attaches a filter to a port device, or changes what is attached. Nothing reaches the kernel before it is applied. */
  save: procedure
    .input(
      z.object({
        portDevice,
        owner: z.object({ name: z.string().min(1).max(256), uuid: z.uuid() }),
        mac: z.string().regex(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/),
        filter: z.string().min(1).max(256),
        parameters: z
          .array(z.object({ name: z.string().regex(/^\w{1,64}$/), value: z.string().regex(/^[\w.:]{1,256}$/) }))
          .max(1000),
        expected: z.number().int().positive().nullable(),
      }),
    )
    .mutation(async ({ input }) => {
      const parameters = new Map<string, string[]>()
      for (const { name, value } of input.parameters) parameters.set(name, [...(parameters.get(name) ?? []), value])
      const source = `binding:${input.portDevice}`
      const { portDevice, owner, mac, filter } = input
      const xml = encodeBinding({
        kind: 'binding',
        portDevice,
        linkDevice: undefined,
        owner,
        mac,
        filter,
        filterSpan: NOWHERE,
        parameters,
        source,
      })
      const { diagnostics } = parseBinding(xml, source)
      if (hasErrors(diagnostics)) {
        const problems = diagnostics.map((diagnostic) => describeDiagnostic(diagnostic, xml))
        throw new TRPCError({
          code: 'UNPROCESSABLE_CONTENT',
          message: 'libvirt would refuse this binding.',
          cause: new Refusal('refused', { kind: 'problems', problems }),
        })
      }
      if (!(await saveBinding({ portDevice, xml, expected: input.expected })))
        throw new TRPCError({
          code: 'CONFLICT',
          message: `Somebody changed the binding of ${portDevice} meanwhile. Load the page again to see it.`,
        })
      forgetCatalog()
      return { version: (input.expected ?? 0) + 1 }
    }),
  delete: procedure.input(z.object({ portDevice })).mutation(async ({ input }) => {
    if (!(await deleteBinding(input.portDevice)))
      throw new TRPCError({ code: 'NOT_FOUND', message: `No binding for ${input.portDevice}.` })
    forgetCatalog()
    return { deleted: input.portDevice }
  }),
})

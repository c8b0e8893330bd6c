import { randomUUID } from 'node:crypto'
import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { affectedFilters, hasErrors, parseFilter, referenceLoops } from '#engine'
import { createFilter, findFilter, listVersions, saveFilter } from '../store/filters.ts'
import { type Catalog, type CatalogFilter, forgetCatalog, loadCatalog, nicsUsing } from './catalog.ts'
import { describeDiagnostic } from './describe-diagnostic.ts'
import { procedure, Refusal, router } from './trpc.ts'

const filterName = z.string().min(1).max(256)
const filterText = z.string().max(5_000_000)

/** A row of the filter list. */
export type FilterSummary = ReturnType<typeof summarise>

export const filterRouter = router({
  /** Every filter; with a query those whose name or text holds it, in any case. */
  list: procedure.input(z.object({ query: z.string().max(200).optional() }).optional()).query(async ({ input }) => {
    const catalog = await loadCatalog()
    const query = (input?.query ?? '').trim().toLowerCase()
    const rows = [...catalog.filters.values()].filter(
      ({ stored }) => query === '' || `${stored.name}\n${stored.xml}`.toLowerCase().includes(query),
    )
    return rows.map((row) => summarise(catalog, row))
  }),
  get: procedure.input(z.object({ name: filterName })).query(async ({ input }) => {
    const catalog = await loadCatalog()
    const row = catalog.filters.get(input.name)
    if (row === undefined) throw new TRPCError({ code: 'NOT_FOUND', message: `There is no filter ${input.name}.` })
    const versions = await listVersions(input.name)
    return {
      ...summarise(catalog, row),
      xml: row.stored.xml,
      uuid: row.stored.uuid,
      usedBy: {
        filters: catalog.graph.dependents.get(input.name) ?? [],
        affected: affectedFilters(catalog.graph, input.name).filter((name) => name !== input.name),
        nics: nicsUsing(catalog, input.name),
      },
      versions: versions.map(({ version, savedAt }) => ({ version, savedAt: savedAt.toISOString() })),
    }
  }),
  /** The text of one earlier save. */
  version: procedure
    .input(z.object({ name: filterName, version: z.number().int().positive() }))
    .query(async ({ input }) => {
      const found = (await listVersions(input.name)).find(({ version }) => version === input.version)
      if (found === undefined)
        throw new TRPCError({ code: 'NOT_FOUND', message: `${input.name} has no version ${input.version}.` })
      return { xml: found.xml }
    }),
  /** All texts, for the editor's own compiler. */
  texts: procedure.query(async () =>
    [...(await loadCatalog()).filters.values()].map(({ stored }) => ({ name: stored.name, xml: stored.xml })),
  ),
  graph: procedure.query(async () => {
    const catalog = await loadCatalog()
    const { references, missing, cycles } = catalog.graph
    return {
      filters: [...catalog.filters.values()].map((row) => summarise(catalog, row)),
      edges: [...references].flatMap(([from, names]) => names.map((to) => ({ from, to }))),
      missing,
      cycles,
    }
  }),
  /** Saves a text: a new filter with `expected` null, else the next version if `expected` is still the newest. */
  define: procedure
    .input(z.object({ name: filterName, xml: filterText, expected: z.number().int().positive().nullable() }))
    .mutation(async ({ input }) => {
      await refuseWhatLibvirtRefuses(input)
      const saved =
        input.expected === null
          ? await createFilter({ name: input.name, uuid: uuidOf(input.xml) ?? randomUUID(), xml: input.xml })
          : await saveFilter({ name: input.name, xml: input.xml, expected: input.expected })
      forgetCatalog()
      if (!saved) await refuseConflict(input.name, input.expected)
      return { version: (input.expected ?? 0) + 1 }
    }),
})

function summarise(catalog: Catalog, { stored, filter, diagnostics }: CatalogFilter) {
  return {
    name: stored.name,
    version: stored.version,
    builtin: stored.builtin,
    updatedAt: stored.updatedAt.toISOString(),
    chain: filter?.chain ?? null,
    chainPriority: filter?.chainPriority ?? null,
    rules: filter?.entries.filter(({ kind }) => kind === 'rule').length ?? 0,
    references: catalog.graph.references.get(stored.name) ?? [],
    dependents: catalog.graph.dependents.get(stored.name) ?? [],
    nics: nicsUsing(catalog, stored.name),
    problems: diagnostics.map((diagnostic) => describeDiagnostic(diagnostic, stored.xml)),
  }
}

/** Syntax, values and loops: what `virsh nwfilter-define` would refuse. A missing reference is allowed, as in libvirt. */
async function refuseWhatLibvirtRefuses({ name, xml }: { name: string; xml: string }): Promise<void> {
  const { value, diagnostics } = parseFilter(xml, `filter:${name}`)
  const others = new Map([...(await loadCatalog()).graph.filters].filter(([other]) => other !== name))
  const found = value === undefined ? diagnostics : [...diagnostics, ...referenceLoops(value, others)]
  const refuse = (message: string) => {
    const problems = found
      .filter(({ severity }) => severity === 'error')
      .map((diagnostic) => describeDiagnostic(diagnostic, xml))
    throw new TRPCError({
      code: 'UNPROCESSABLE_CONTENT',
      message,
      cause: new Refusal(message, { kind: 'problems', problems }),
    })
  }
  if (value === undefined || hasErrors(found))
    refuse('libvirt would refuse this filter, so it is not saved. The problems are listed beside the editor.')
  else if (value.name !== name)
    refuse(`The text names the filter ${value.name}; a filter cannot be renamed by saving it.`)
}

function uuidOf(xml: string): string | undefined {
  return parseFilter(xml, 'filter:new').value?.uuid
}

async function refuseConflict(name: string, expected: number | null): Promise<never> {
  const now = await findFilter(name)
  const message =
    expected === null
      ? `A filter ${name} exists already.`
      : `Somebody saved version ${now?.version} of ${name} while you were editing version ${expected}.`
  const cause = new Refusal(message, {
    kind: 'conflict',
    version: now?.version ?? 0,
    savedAt: now?.updatedAt.toISOString() ?? '',
    xml: now?.xml ?? '',
  })
  throw new TRPCError({ code: 'CONFLICT', message, cause })
}

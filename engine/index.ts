// The only way into the engine from outside.
export { chainName, hookArguments } from './backends/ebiptables/chain-names.ts'
export {
  type FinalChain,
  type FinalIpChain,
  type FinalRule,
  finalChains,
  finalIpChains,
} from './backends/ebiptables/final-chains.ts'
export { printCommands } from './backends/ebiptables/print-commands.ts'
export {
  printBasicRules,
  printDhcpOnlyRules,
  printDropAllRules,
  printLearning,
} from './backends/ebiptables/print-learning.ts'
export {
  printRemoveBasicRules,
  printTeardown,
  printTearNew,
  printTearOld,
} from './backends/ebiptables/print-teardown.ts'
export { printText } from './backends/ebiptables/print-text.ts'
export { printWords } from './backends/ebiptables/print-words.ts'
export type { EbiptablesRuleset } from './backends/ebiptables/ruleset.ts'
export type { Command } from './backends/ebiptables/words.ts'
export { LEAST_CAPABILITIES, type NftCapabilities } from './backends/nftables/capabilities.ts'
export { MAPS as dispatchMaps, TABLE as nftTable } from './backends/nftables/frame-tables.ts'
export type { HostParts } from './backends/nftables/host-parts.ts'
export { lowerHost } from './backends/nftables/lower-host.ts'
export type { NicInput } from './backends/nftables/nic-input.ts'
export type { HostFrame } from './backends/nftables/print-change.ts'
export { GENERATION, printScript } from './backends/nftables/print-script.ts'
export { printTable } from './backends/nftables/print-table.ts'
export { printTransaction } from './backends/nftables/print-transaction.ts'
export { type NftRow, rowsOfDevice } from './backends/nftables/rows-of-device.ts'
export type { NftablesRuleset } from './backends/nftables/ruleset.ts'
export { type BuiltinFilter, builtinFilters } from './builtin/builtin-filters.ts'
export { referenceLoops } from './checks/reference-loops.ts'
export { refusedInTree } from './checks/refused-in-tree.ts'
export { type Compiled, type CompileInput, compileBinding, type KnownShapes } from './compile-binding.ts'
export { compileCommands } from './compile-commands.ts'
export { type CompiledHost, type CompiledNic, compileHost, type HostInput } from './compile-host.ts'
export { type CompiledNftables, compileNftables, placeNic } from './compile-nftables.ts'
export { type Diagnosis, diagnoseEdited } from './diagnose-edited.ts'
export { diagnoseFilter, diagnoseParsed } from './diagnose-filter.ts'
export type { Diagnostic, Fix, RelatedPlace, Source, Staged } from './diagnostics/diagnostic.ts'
export { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
export { type Position, positionAt, positionsIn } from './diagnostics/position.ts'
export { type DiagnosticCode, registry } from './diagnostics/registry.ts'
export { renderDiagnostic } from './diagnostics/render-diagnostic.ts'
export { hasErrors, report } from './diagnostics/report.ts'
export type { Span } from './diagnostics/span.ts'
export type { Dialect } from './dialects/dialect.ts'
export { type Quirk, quirks } from './dialects/quirks.ts'
export { severityIn } from './dialects/severity-in.ts'
export { buildGraph } from './graph/build-graph.ts'
export type { FilterGraph } from './graph/filter-graph.ts'
export { affectedFilters, reachableFilters } from './graph/reach.ts'
export { instantiate } from './instantiate/instantiate.ts'
export type { RuleInstance } from './instantiate/rule-instance.ts'
export { addRule } from './language/add-rule.ts'
export { applyEdits, type TextEdit } from './language/edits.ts'
export { formatText } from './language/format-text.ts'
export { insertChild } from './language/insert-child.ts'
export { moveElement } from './language/move-element.ts'
export { removeAttribute } from './language/remove-attribute.ts'
export { removeElement } from './language/remove-element.ts'
export { setAttribute } from './language/set-attribute.ts'
export { checkInterfaces } from './network/check-interfaces.ts'
export type { Network } from './network/network.ts'
export type { Binding } from './nwfilter/binding.ts'
export type { Domain } from './nwfilter/domain.ts'
export { canonicalBinding, encodeBinding } from './nwfilter/encode-binding.ts'
export { encodeFilter } from './nwfilter/encode-filter.ts'
export type { Action, Direction, Filter, FilterRef, Match, Parameters, Rule } from './nwfilter/filter.ts'
export { readUuid } from './nwfilter/read-uuid.ts'
export { uuidFromName } from './nwfilter/uuid-from-name.ts'
export { parseBinding, parseDomain, parseFilter, parseNetwork } from './parse-text.ts'
export type { IpSide, Origin, Side } from './placement/placement.ts'
export { type ReadText, readText } from './read-text.ts'
export { type RequiredVariable, requiredVariables } from './required-variables.ts'
export { explainRefused, openWorkspace, type Workspace } from './workspace.ts'
export type { XmlDocument, XmlElement } from './xml/document.ts'
export { parseDocument } from './xml/parse-document.ts'
export { printDocument } from './xml/print-document.ts'

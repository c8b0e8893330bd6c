'use client'

import '@xyflow/react/dist/style.css'
import {
  Background,
  Controls,
  type Edge,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react'
import Link from 'next/link'
import { useMemo } from 'react'
import { useDark } from '../shell/use-dark.ts'
import type { Graph } from './graph.ts'
import { layoutGraph } from './layout-graph.ts'

type FilterNode = Node<
  { name: string; chain: string | null; rules: number; problems: number; isMissing: boolean; isFocus: boolean },
  'filter'
>

const NODE_TYPES = { filter: FilterCard }

/** The map of filters. Each card is a link, so that keys and screen readers work without the canvas. */
export default function FilterMap({
  graph,
  names,
  focus,
}: {
  graph: Graph
  names: readonly string[]
  focus: string | undefined
}) {
  const dark = useDark()
  const { nodes, edges } = useMemo(() => toFlow(graph, names, focus), [graph, names, focus])
  return (
    <section className="graph-frame" aria-label="Map of filters">
      <ReactFlow
        nodes={nodes}
        edges={edges}
        nodeTypes={NODE_TYPES}
        colorMode={dark ? 'dark' : 'light'}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        fitView
        fitViewOptions={{ padding: 0.08, maxZoom: 1 }}
        minZoom={0.2}
        proOptions={{ hideAttribution: false }}
      >
        <Background gap={24} />
        <Controls showInteractive={false} />
      </ReactFlow>
    </section>
  )
}

function FilterCard({ data }: NodeProps<FilterNode>) {
  const { name, chain, rules, problems, isMissing, isFocus } = data
  return (
    <>
      <Handle type="target" position={Position.Left} />
      <Link
        className="graph-node nodrag nopan"
        href={isMissing ? '/filters' : `/filters/${encodeURIComponent(name)}`}
        prefetch={false}
        data-focus={isFocus ? '' : undefined}
        data-missing={isMissing ? '' : undefined}
      >
        <b title={name}>{name}</b>
        <span>
          {isMissing ? '✕ missing (NWF201)' : `${chain} · ${rules} ${rules === 1 ? 'rule' : 'rules'}`}
          {problems > 0 && ` · ! ${problems} ${problems === 1 ? 'problem' : 'problems'}`}
        </span>
      </Link>
      <Handle type="source" position={Position.Right} />
    </>
  )
}

function toFlow(
  graph: Graph,
  names: readonly string[],
  focus: string | undefined,
): { nodes: FilterNode[]; edges: Edge[] } {
  const shown = graph.edges.filter(({ from, to }) => names.includes(from) && names.includes(to))
  const filters = new Map(graph.filters.map((filter) => [filter.name, filter]))
  const nodes = layoutGraph(names, shown).map(({ name, x, y }): FilterNode => {
    const filter = filters.get(name)
    const data = {
      name,
      chain: filter?.chain ?? null,
      rules: filter?.rules ?? 0,
      problems: filter?.problems.length ?? 0,
      isMissing: filter === undefined,
      isFocus: name === focus,
    }
    return { id: name, type: 'filter', position: { x, y }, data }
  })
  const edges = shown.map(({ from, to }): Edge => {
    const isMissing = !filters.has(to)
    return {
      id: `${from} ${to}`,
      source: from,
      target: to,
      markerEnd: { type: MarkerType.ArrowClosed },
      ...(isMissing ? { style: { strokeDasharray: '5 4' } } : {}),
    }
  })
  return { nodes, edges }
}

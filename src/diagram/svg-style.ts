// How a drawn chart looks. The colours are custom properties: a page that shows the chart sets those it wants, and the classes
// `current`, `visited` and `taken` on what it wants to light.

/** For charts that stand in a page, in its style sheet. Without custom properties everything has the colour of the text. */
export const diagramStyle = `
.diagram { font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace }
.diagram text { fill: var(--diagram-ink, currentColor) }
.diagram .name { font-size: 14px; font-weight: 600; text-anchor: middle }
.diagram .event { font-size: 12px }
.diagram .detail { font-size: 10.5px; fill: var(--diagram-muted, currentColor) }
.diagram .box { fill: var(--diagram-surface, transparent); stroke: var(--diagram-edge, currentColor); stroke-width: 1.25 }
.diagram .rule { stroke: var(--diagram-edge, currentColor); stroke-opacity: 0.4 }
.diagram .line { fill: none; stroke: var(--diagram-line, currentColor); stroke-width: 1.25 }
.diagram .head, .diagram .start { fill: var(--diagram-line, currentColor) }
.diagram .visited .box, .diagram .current .box { stroke: var(--diagram-accent, currentColor); stroke-width: 2 }
.diagram .current .box { fill: var(--diagram-accent-surface, transparent) }
.diagram .arrow.taken .line { stroke: var(--diagram-accent, currentColor); stroke-width: 2 }
.diagram .arrow.taken .head { fill: var(--diagram-accent, currentColor) }
.diagram .transition.taken .event { fill: var(--diagram-accent, currentColor); font-weight: 600 }
`

/** For a chart in a file of its own. */
export const standaloneStyle = `
:root {
  color-scheme: light dark;
  --diagram-background: #ffffff; --diagram-ink: #1f2430; --diagram-muted: #667085; --diagram-line: #8b95a5;
  --diagram-edge: #5b6678; --diagram-surface: #f3f5f9;
  --diagram-accent: #1d5fd1; --diagram-accent-surface: #dfeafc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --diagram-background: #12161d; --diagram-ink: #e4e8ef; --diagram-muted: #8f9bae; --diagram-line: #657185;
    --diagram-edge: #7f8ca0; --diagram-surface: #1d232d;
    --diagram-accent: #7db0ff; --diagram-accent-surface: #1b3157;
  }
}
.background { fill: var(--diagram-background) }
${diagramStyle.trim()}
`

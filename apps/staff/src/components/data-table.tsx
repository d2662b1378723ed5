import { Table, VisuallyHidden } from '@mantine/core'
import type { ReactNode } from 'react'

interface Column {
  text: string
  align?: 'center' | 'end'
  /** The heading is for screen readers only. */
  isHidden?: boolean
}

interface DataTableProps {
  caption: string
  columns: readonly Column[]
  /** The rows. */
  children: ReactNode
}

/** A table with an accessible name and headings; scrolls sideways on narrow screens. */
export function DataTable({ caption, columns, children }: DataTableProps) {
  return (
    <div className="vc-surface vs-table">
      <Table verticalSpacing="xs">
        <VisuallyHidden component="caption">{caption}</VisuallyHidden>
        <Table.Thead>
          <Table.Tr>
            {columns.map(({ text, align, isHidden }) => (
              <Table.Th key={text} scope="col" ta={align}>
                {isHidden ? <VisuallyHidden>{text}</VisuallyHidden> : text}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>{children}</Table.Tbody>
      </Table>
    </div>
  )
}

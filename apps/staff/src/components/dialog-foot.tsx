import { Group, Stack } from '@mantine/core'
import type { ReactNode } from 'react'

interface DialogFootProps {
  /** What the buttons hang on: why it was refused, what is to be confirmed. */
  children: ReactNode
  buttons: ReactNode
}

/** The end of a long dialog: in sight wherever the dialog is scrolled to. */
export function DialogFoot({ children, buttons }: DialogFootProps) {
  return (
    <Stack gap="sm" className="vs-dialog-foot">
      {children}
      <Group justify="flex-end" className="vs-dialog-buttons">
        {buttons}
      </Group>
    </Stack>
  )
}
